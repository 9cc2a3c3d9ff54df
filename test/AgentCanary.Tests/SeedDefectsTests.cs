using AgentCanary.Control;

namespace AgentCanary.Tests;

/// <summary>What the seed libraries get wrong, each with what happens here. The numbers are those of the Python library's list.</summary>
public sealed class SeedDefectsTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Defect_1_A_rollback_is_final_and_good_figures_after_it_do_not_lift_the_canary_again()
    {
        var canary = Deploy(StagePlan.Standard);
        var promotion = PassFirstStage(canary);
        canary.Command(new RolloutCommand.Rollback());

        Record(canary, "v1", 5_000, failures: 0);
        Record(canary, "v2", 5_000, failures: 0);
        _time.Advance(TimeSpan.FromDays(1));

        Assert.IsType<Decision.Hold>(canary.Decide());
        Assert.False(canary.Apply(promotion));
        Assert.Equal((Phase.RolledBack, Weight.None), (canary.Status.Phase, canary.Status.Weight));
    }

    [Fact]
    public void Defect_2_The_status_shows_the_share_that_the_router_serves_in_every_stage_and_after_a_rollback()
    {
        var canary = Deploy(StagePlan.Standard);
        for (var stage = 0; stage < 4; stage++)
        {
            AssertServed(canary, StagePlan.Standard.Stages[stage].Weight);
            canary.Command(new RolloutCommand.Promote());
        }
        canary.Command(new RolloutCommand.Rollback());
        AssertServed(canary, Weight.None);
    }

    [Fact]
    public void Defect_3_Without_any_traffic_nothing_is_promoted_even_where_no_minimum_is_asked()
    {
        var canary = Deploy(new StagePlan(new Stage(Weight.FromPercent(5)) { MinRequests = 0, MinSuccessRate = 0.99 }, new Stage(Weight.Full)));
        _time.Advance(TimeSpan.FromDays(1));

        Assert.IsType<Decision.Hold>(canary.Decide());
    }

    [Fact]
    public void Defect_4_A_plan_that_ends_below_hundred_per_cent_is_refused_instead_of_promoting_for_ever()
    {
        var thrown = Assert.Throws<ArgumentException>(() => new StagePlan(new Stage(Weight.FromPercent(5)), new Stage(Weight.FromPercent(50))));
        Assert.Contains("50 %", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_5_A_canary_that_always_fails_is_rolled_back_although_stable_has_no_traffic()
    {
        var canary = Deploy(StagePlan.Standard);
        Record(canary, "v2", 50, failures: 50);

        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void Defect_6_A_slow_canary_is_rolled_back_and_not_only_held()
    {
        var canary = Deploy(new StagePlan(new Stage(Weight.FromPercent(5)) { MaxP95 = TimeSpan.FromMilliseconds(400) }, new Stage(Weight.Full)));
        Record(canary, "v1", 100, failures: 0);
        Record(canary, "v2", 100, failures: 0, TimeSpan.FromMilliseconds(900));

        Assert.Contains("p95_latency", Assert.IsType<Decision.RollBack>(canary.Decide()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Defect_7_An_outage_of_both_versions_is_not_held_against_the_canary_because_stable_was_good_in_an_earlier_stage()
    {
        var canary = Deploy(StagePlan.Standard);
        Record(canary, "v1", 10_000, failures: 0);
        canary.Apply(PassFirstStage(canary));

        // From here every fifth call of either fails. Against stable's whole life the canary looks 20 points worse; against the same time it is equal.
        Record(canary, "v1", 500, failures: 100);
        Record(canary, "v2", 500, failures: 100);

        Assert.IsType<Decision.Hold>(canary.Decide());
        Assert.Equal(500, canary.Status.Stable.Requests);
    }

    [Fact]
    public void Defect_7_A_canary_that_is_worse_than_stable_in_the_same_outage_is_rolled_back_all_the_same()
    {
        var canary = Deploy(StagePlan.Standard);
        Record(canary, "v1", 500, failures: 100);
        Record(canary, "v2", 500, failures: 200);

        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void Defect_8_A_full_outage_does_not_wait_for_fifty_requests()
    {
        var canary = Deploy(StagePlan.Standard);
        Record(canary, "v1", 20, failures: 0);
        Record(canary, "v2", 10, failures: 10);

        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void Defect_8_A_verdict_says_on_which_figures_and_how_many_requests_it_rests()
    {
        var canary = Deploy(StagePlan.Standard);
        Record(canary, "v1", 200, failures: 1);
        Record(canary, "v2", 100, failures: 20);
        canary.Decide();

        var failed = Assert.Single(canary.Status.Checks, check => check.Check.StartsWith("error_rate_delta", StringComparison.Ordinal));
        Assert.Equal((Verdict.Fail, 100, 200), (failed.Verdict, failed.CanaryCount, failed.ControlCount));
        Assert.Equal((0.2, 0.005, 0.055), (failed.Canary!.Value, failed.Control!.Value, Math.Round(failed.Bound!.Value, 6)));
    }

    [Fact]
    public void Defect_9_Two_processes_give_every_user_the_same_version_without_talking()
    {
        var (left, right) = (Deploy(StagePlan.Standard), Deploy(StagePlan.Standard));
        for (var stage = 0; stage < 5; stage++)
        {
            Assert.All(Enumerable.Range(0, 2_000), user => Assert.Equal(left.Route($"user-{user}"), right.Route($"user-{user}")));
            left.Command(new RolloutCommand.Promote());
            right.Command(new RolloutCommand.Promote());
        }
    }

    [Fact]
    public void Defect_10_A_rollout_can_be_paused_resumed_rolled_back_and_tried_again_and_its_history_says_who_did_it_and_why()
    {
        var canary = Deploy(StagePlan.Standard);
        canary.Command(new RolloutCommand.Pause { Actor = "ada", Reason = "release freeze" });
        PassFirstStage(canary, expectHold: true);
        canary.Command(new RolloutCommand.Resume { Actor = "ada" });
        canary.Command(new RolloutCommand.Rollback { Actor = "bo", Reason = "odd tone" });
        Assert.IsType<Decision.Refuse>(canary.Command(new RolloutCommand.Promote()));
        canary.Command(new RolloutCommand.Retry { Actor = "bo" });

        Assert.Equal((2, 0, Phase.Progressing), (canary.Status.Attempt, canary.Status.StageIndex, canary.Status.Phase));
        Assert.Contains(canary.Events, told => (told.Type, told.Actor, told.Reason) == ("paused", "ada", "release freeze"));
        Assert.Contains(canary.Events, told => (told.Type, told.Actor, told.Reason) == ("rolled_back", "bo", "odd tone"));
        Assert.Equal(Enumerable.Range(1, canary.Events.Length).Select(revision => (long)revision), canary.Events.Select(told => told.Revision));
    }

    [Fact]
    public void Defect_10_A_paused_rollout_still_rolls_back_by_itself()
    {
        var canary = Deploy(StagePlan.Standard);
        canary.Command(new RolloutCommand.Pause());
        Record(canary, "v1", 100, failures: 0);
        Record(canary, "v2", 100, failures: 50);

        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void Defect_11_Impossible_figures_and_unknown_versions_are_refused_and_counted_and_nothing_is_thrown()
    {
        var canary = Deploy(StagePlan.Standard);
        canary.Record("v2", success: true, TimeSpan.FromMilliseconds(-1));
        canary.Record("v2", success: true, TimeSpan.MinValue);
        canary.Record("v2", new Outcome { Latency = Usual, Cost = double.NaN });
        canary.Record("v2", new Outcome { Latency = Usual, Cost = double.PositiveInfinity });
        canary.Record("v2", new Outcome { Latency = Usual, Scores = [new Score("quality", double.NaN)] });
        canary.Record("v3", success: true, Usual);

        Assert.Equal(6, canary.Status.Refused);
        Assert.Equal((0L, 0L), (canary.Status.Canary.Requests, canary.Status.Stable.Requests));
    }

    [Fact]
    public void Zero_errors_of_control_do_not_hide_the_errors_of_the_canary()
    {
        // Relative change against nothing is undefined; a pipeline that reads it as "no change" promotes this canary.
        var plan = new StagePlan(
            new Stage(Weight.FromPercent(5)) { MinRequests = 100, Checks = [Check.Parse("error_rate_increase < 0.10")] }, new Stage(Weight.Full));
        var canary = Deploy(plan);
        Record(canary, "v1", 1_000, failures: 0);
        Record(canary, "v2", 1_000, failures: 20);

        Assert.Contains("error_rate_increase", Assert.IsType<Decision.RollBack>(canary.Decide()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_zero_baseline_leaves_a_canary_without_errors_free_to_go()
    {
        var plan = new StagePlan(
            new Stage(Weight.FromPercent(5)) { MinRequests = 100, Checks = [Check.Parse("error_rate_increase < 0.10")] }, new Stage(Weight.Full));
        var canary = Deploy(plan);
        Record(canary, "v1", 1_000, failures: 0);
        Record(canary, "v2", 1_000, failures: 0);

        Assert.IsType<Decision.Promote>(canary.Decide());
    }

    private static void Record(CanaryDeployment canary, string version, int requests, int failures, TimeSpan? latency = null)
    {
        for (var i = 0; i < requests; i++)
            canary.Record(version, success: (long)(i + 1) * failures / requests == (long)i * failures / requests, latency ?? Usual);
    }

    private static void AssertServed(CanaryDeployment canary, Weight weight)
    {
        const int Users = 20_000;
        Assert.Equal(weight, canary.Status.Weight);
        var fourSigma = 4 * Math.Sqrt(Users * weight.Fraction * (1 - weight.Fraction));
        Assert.InRange(
            Enumerable.Range(0, Users).Count(user => canary.Route($"user-{user}") == "v2"), (Users * weight.Fraction) - fourSigma, (Users * weight.Fraction) + fourSigma);
    }

    private Decision PassFirstStage(CanaryDeployment canary, bool expectHold = false)
    {
        Record(canary, "v1", 200, failures: 0);
        Record(canary, "v2", 200, failures: 0);
        _time.Advance(TimeSpan.FromMinutes(5));
        var decision = canary.Decide();
        Assert.IsType(expectHold ? typeof(Decision.Hold) : typeof(Decision.Promote), decision);
        return decision;
    }

    private CanaryDeployment Deploy(StagePlan plan) => new("v1", "v2", plan, new() { TimeProvider = _time, Pepper = 0 });
}
