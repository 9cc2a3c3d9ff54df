using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

public sealed class RouterTests
{
    private static readonly Cohort Staff = SomePlan.Cohort("header:x-user-group", CohortMatch.In, "staff", "qa");
    private static readonly Cohort Vip = SomePlan.Cohort("header:x-vip", CohortMatch.Present);
    private static readonly SomeAttributes StaffCaller = new("header:x-user-group", "staff");
    private static readonly SomeAttributes VipCaller = new("header:x-vip", "");
    private static readonly SomeAttributes Stranger = new("header:x-user-group", "customer");

    [Fact]
    public void Without_a_rollout_stable_serves_outside_the_analysis() =>
        AssertStable(Router.Route(Full with { Mode = RouteMode.Stable }, "u"), AssignmentReason.Static);

    [Fact]
    public void The_kill_switch_beats_every_other_rule()
    {
        foreach (var mode in Enum.GetValues<RouteMode>())
        {
            var plan = Full with { IsDisabled = true, Mode = mode };
            AssertStable(Routed(plan, new("u") { Forced = Variant.Canary }), AssignmentReason.Disabled);
        }
    }

    [Fact]
    public void A_completed_rollout_gives_everybody_the_canary_outside_the_analysis()
    {
        var plan = Full with { Mode = RouteMode.Canary, Weight = Weight.None, IsCanaryDown = true, Exclude = [Vip] };
        AssertCanary(Router.Route(plan, "u"), AssignmentReason.Static);
        AssertCanary(Router.Route(plan, null), AssignmentReason.Static);
        AssertCanary(Router.Route(plan, new("u") { Forced = Variant.Stable }, VipCaller), AssignmentReason.Static);
    }

    [Fact]
    public void A_rolled_back_rollout_is_not_resurrected_by_a_forced_or_pinned_request()
    {
        var plan = Full with { Mode = RouteMode.Stable };
        AssertStable(Routed(plan, new("u") { Forced = Variant.Canary }), AssignmentReason.Static);
        AssertStable(Routed(plan, new("u") { Pinned = Variant.Canary }), AssignmentReason.Static);
    }

    [Fact]
    public void A_forced_version_comes_before_pins_cohorts_and_health()
    {
        var plan = Full with { IsCanaryDown = true, Exclude = [Vip] };
        var canary = new RouteRequest("u") { Forced = Variant.Canary, Pinned = Variant.Stable };
        AssertCanary(Router.Route(plan, canary, VipCaller), AssignmentReason.Forced);
        var stable = new RouteRequest("u") { Forced = Variant.Stable, Pinned = Variant.Canary };
        AssertStable(Router.Route(Full, stable, StaffCaller), AssignmentReason.Forced);
    }

    [Fact]
    public void A_pinned_conversation_keeps_its_version_whatever_the_weight()
    {
        AssertCanary(Routed(Full with { Weight = Weight.None }, new("u") { Pinned = Variant.Canary }), AssignmentReason.Pinned);
        AssertStable(Routed(Full, new("u") { Pinned = Variant.Stable }), AssignmentReason.Pinned);
    }

    [Fact]
    public void A_conversation_that_the_split_began_in_this_stage_goes_on_counting_for_its_arm()
    {
        var compared = new RouteRequest("u") { IsCompared = true };
        Assert.Equal((Variant.Canary, Arm.Canary), Split(Routed(Full with { Weight = Weight.None }, compared with { Pinned = Variant.Canary })));
        Assert.Equal((Variant.Stable, Arm.Control), Split(Routed(Full, compared with { Pinned = Variant.Stable })));
        Assert.Equal((Variant.Stable, Arm.Outside), Split(Routed(Full with { IsCanaryDown = true }, compared with { Pinned = Variant.Stable })));
        Assert.Equal((Variant.Stable, Arm.Outside), Split(Routed(Full with { IsCanaryDown = true }, compared with { Pinned = Variant.Canary })));
    }

    [Fact]
    public void A_conversation_on_stable_finishes_there_after_everybody_else_has_the_canary() =>
        AssertStable(Routed(Full with { Mode = RouteMode.Canary }, new("u") { Pinned = Variant.Stable, IsCompared = true }), AssignmentReason.Pinned);

    [Fact]
    public void A_conversation_on_a_canary_that_was_rolled_back_finishes_there_only_while_it_drains()
    {
        var plan = Full with { Mode = RouteMode.Stable, IsDraining = true };
        AssertCanary(Routed(plan, new("u") { Pinned = Variant.Canary, IsCompared = true }), AssignmentReason.Pinned);
        AssertStable(Routed(plan with { IsCanaryDown = true }, new("u") { Pinned = Variant.Canary }), AssignmentReason.Unhealthy);
        AssertStable(Routed(plan, new("u") { Forced = Variant.Canary }), AssignmentReason.Static);
        AssertStable(Routed(plan, new("u")), AssignmentReason.Static);
    }

    [Fact]
    public void Exclusion_comes_before_inclusion()
    {
        var plan = Full with { Exclude = [Vip], Include = [Vip] };
        AssertStable(Router.Route(plan, new("u"), VipCaller), AssignmentReason.Excluded);
    }

    [Fact]
    public void A_cohort_that_has_passed_stays_on_the_canary_outside_the_analysis()
    {
        var plan = Full with { Include = [Staff], Weight = Weight.None };
        AssertCanary(Router.Route(plan, new("u"), StaffCaller), AssignmentReason.Included);
        Assert.Equal(AssignmentReason.Split, Router.Route(plan, new("u"), Stranger).Reason);
    }

    [Fact]
    public void A_stage_with_cohorts_gives_all_others_stable_outside_the_analysis()
    {
        var plan = Full with { Eligible = [Staff] };
        AssertStable(Router.Route(plan, new("u"), Stranger), AssignmentReason.NotEligible);
        AssertStable(Router.Route(plan, "u"), AssignmentReason.NotEligible);
        Assert.Equal((Variant.Canary, Arm.Canary), Split(Router.Route(plan, new("u"), StaffCaller)));
    }

    [Fact]
    public void The_split_makes_a_canary_arm_and_a_control_arm()
    {
        var plan = SomePlan.Split(Weight.FromPercent(50));
        var routed = Enumerable.Range(0, 200).Select(user => Router.Route(plan, $"user-{user}")).ToList();
        Assert.All(routed, assignment => Assert.Equal(AssignmentReason.Split, assignment.Reason));
        Assert.Equal([(Variant.Stable, Arm.Control), (Variant.Canary, Arm.Canary)], routed.Select(Split).Distinct().Order());
        Assert.All(routed, assignment => Assert.Equal(assignment.Variant is Variant.Canary ? "v2" : "v1", assignment.Version));
    }

    [Theory, InlineData(0u, true), InlineData(214_748_364u, true), InlineData(214_748_365u, false), InlineData(uint.MaxValue, false)]
    public void A_request_without_a_key_is_drawn(uint draw, bool isCanary)
    {
        var assignment = Routed(SomePlan.Split(Weight.FromPercent(5)), new(null) { Draw = draw });
        Assert.Equal(isCanary ? (Variant.Canary, Arm.Canary) : (Variant.Stable, Arm.Control), Split(assignment));
        Assert.Equal((AssignmentReason.Unkeyed, 0UL), (assignment.Reason, assignment.KeyHash));
    }

    [Fact]
    public void A_request_without_key_or_draw_stays_on_stable_until_the_canary_has_everybody()
    {
        Assert.Equal(Variant.Stable, Router.Route(SomePlan.Split(new(9_999)), null).Variant);
        Assert.Equal(Variant.Canary, Router.Route(Full, null).Variant);
    }

    [Fact]
    public void A_canary_that_is_down_gets_no_request_but_a_forced_one()
    {
        var plan = Full with { IsCanaryDown = true, Include = [Staff] };
        AssertStable(Router.Route(plan, "u"), AssignmentReason.Unhealthy);
        AssertStable(Router.Route(plan, null), AssignmentReason.Unhealthy);
        AssertStable(Routed(plan, new("u") { Pinned = Variant.Canary }), AssignmentReason.Unhealthy);
        AssertStable(Router.Route(plan, new("u"), StaffCaller), AssignmentReason.Unhealthy);
        AssertStable(Routed(plan, new("u") { Pinned = Variant.Stable }), AssignmentReason.Pinned);
        AssertCanary(Routed(plan, new("u") { Forced = Variant.Canary }), AssignmentReason.Forced);
    }

    [Theory, InlineData(StickyHashKind.Xxh64), InlineData(StickyHashKind.Md5)]
    public void An_assignment_says_which_key_attempt_stage_and_revision_it_came_from(StickyHashKind hash)
    {
        var assignment = Router.Route(SomePlan.Split(Weight.Full, salt: 77, hash), "user-42");
        Assert.Equal(
            (StickyHash.Hash("user-42", 77), 3, 2, 41L, -1L),
            (assignment.KeyHash, assignment.Attempt, assignment.Stage, assignment.Revision, assignment.StartTick));
    }

    [Fact]
    public void Any_fault_gives_stable_and_says_so()
    {
        AssertStable(Router.Route(Full with { Exclude = [Vip] }, new("u"), new FaultyAttributes()), AssignmentReason.Error);
        AssertStable(Router.Route(Full with { Eligible = default }, "u"), AssignmentReason.Error);
        AssertStable(Router.Route(Full with { Include = [null!] }, "u"), AssignmentReason.Error);
        Assert.Equal((AssignmentReason.Error, ""), (Router.Route(null!, "u").Reason, Router.Route(null!, "u").Version));
    }

    private static RoutePlan Full { get; } = SomePlan.Split(Weight.Full);

    private static Assignment Routed(RoutePlan plan, RouteRequest request) => Router.Route(plan, request, new NoAttributes());

    private static (Variant Variant, Arm Arm) Split(Assignment assignment) => (assignment.Variant, assignment.Arm);

    private static void AssertStable(Assignment assignment, AssignmentReason reason) =>
        Assert.Equal(
            ("v1", Variant.Stable, Arm.Outside, reason),
            (assignment.Version, assignment.Variant, assignment.Arm, assignment.Reason));

    private static void AssertCanary(Assignment assignment, AssignmentReason reason) =>
        Assert.Equal(
            ("v2", Variant.Canary, Arm.Outside, reason),
            (assignment.Version, assignment.Variant, assignment.Arm, assignment.Reason));
}
