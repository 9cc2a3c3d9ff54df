using AgentCanary.Core.Tests.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class RolloutPlannerTests
{
    private const string Errors = "error_rate_increase < 0.10";

    [Fact]
    public void The_time_is_that_of_the_requests_at_the_traffic_the_weight_and_the_eligible_share()
    {
        var outlook = Plans.Spec(Plans.Stage(5, Errors)).Plan(perSecond: 2);
        var check = outlook.Stages[0].Checks[0];
        Plans.Near(275, check.Samples.Median, 0.2);
        Assert.Equal(check.Samples.Median / (2 * 0.05), check.Seconds.Median, 6);
        Assert.Equal((check.Seconds.Median, check.Check.Text), (outlook.Stages[0].Seconds.Median, outlook.Stages[0].WaitsFor));
        Assert.Equal(outlook.Stages[0].Seconds, outlook.Seconds);
        Assert.Equal(check.Samples.Median, outlook.Stages[0].UsersExposed, 6);
    }

    [Fact]
    public void Equal_seeds_give_equal_outlooks()
    {
        var spec = Plans.Spec(Plans.Stage(5, Errors, "p95_latency_increase < 0.5"), Plans.Stage(50, Errors));
        Assert.Equal(spec.Plan().Stages.SelectMany(stage => stage.Checks).Select(check => check.Samples), spec.Plan().Stages.SelectMany(stage => stage.Checks).Select(check => check.Samples));
    }

    [Fact]
    public void A_stage_takes_as_long_as_its_bake_its_requests_and_its_users_ask_for_at_least()
    {
        Stage Asking(Func<Stage, Stage> change) => change(new Stage(Weight.FromPercent(10)) { Name = "first", MinRequests = 1, Checks = [] });
        (double, string) First(Stage stage, double perUser = 1) =>
            RolloutPlanner.Plan(Plans.Spec(stage), new(1) { PerUser = perUser }, Baseline.Assumed, within: null, seed: 1, runs: 10).Stages[0] is var planned ? (planned.Seconds.Median, planned.WaitsFor) : default;
        Assert.Equal((3600, "bake"), First(Asking(stage => stage with { BakeTime = TimeSpan.FromHours(1), MinRequests = 50 })));
        Assert.Equal((5000, "min_requests"), First(Asking(stage => stage with { BakeTime = TimeSpan.FromHours(1), MinRequests = 500 })));
        Assert.Equal((8000, "min_users"), First(Asking(stage => stage with { MinUsers = 200, MinRequests = 500 }), perUser: 4));
    }

    [Fact]
    public void Control_needs_its_requests_too_where_it_is_compared()
    {
        var stage = Plans.Spec(Plans.Stage(90, "error_rate_delta < 0.2") with { MinRequests = 1000 }).Plan().Stages[0];
        Assert.Equal((10_000, "min_requests"), (Math.Round(stage.Seconds.Median, 6), stage.WaitsFor));
    }

    [Fact]
    public void Evidence_is_carried_from_stage_to_stage()
    {
        var outlook = Plans.Spec(Plans.Stage(5, Errors), Plans.Stage(25, Errors), Plans.Stage(25, Errors) with { Name = "again" }).Plan();
        var (first, second, third) = (outlook.Stages[0].Checks[0], outlook.Stages[1].Checks[0], outlook.Stages[2].Checks[0]);
        Assert.InRange(second.SamplesInStage.Mean, 0.5 * (second.Samples.Mean - first.Samples.Mean), second.Samples.Mean - (0.5 * first.Samples.Mean));
        Assert.Equal((0, second.Samples), (third.SamplesInStage.P90, third.Samples));
    }

    [Fact]
    public void What_starts_while_versions_warm_up_is_no_evidence()
    {
        var spec = Plans.Spec(Plans.Stage(5, Errors));
        var (cold, warm) = ((spec with { Analysis = spec.Analysis with { WarmUp = TimeSpan.FromMinutes(10) } }).Plan().Stages[0], spec.Plan().Stages[0]);
        Assert.Equal((warm.Checks[0].Samples, warm.Seconds.Median + 600), (cold.Checks[0].Samples, cold.Seconds.Median));
    }

    [Fact]
    public void A_latency_check_takes_as_long_as_the_real_evidence_of_real_latencies_does()
    {
        var real = Enumerable.Range(0, 20).Select(seed => (double)UntilProven(new(seed, Weight.FromPercent(25), "p95_latency_increase < 0.5"))).Average();
        var planned = Plans.Spec(Plans.Stage(25, "p95_latency_increase < 0.5")).Plan(perSecond: 40, baseline: "error_rate=0,p50_latency=100ms,p95_latency=268ms");
        Plans.Near(real, planned.Stages[0].Checks[0].Samples.Mean, 0.3);
    }

    [Fact]
    public void A_last_stage_without_bake_a_stage_without_canary_and_a_stage_without_control_ask_for_what_they_can()
    {
        var outlook = Plans.Spec(
            new(Weight.None) { Name = "shadow", BakeTime = TimeSpan.FromMinutes(10) },
            new(Weight.Full) { Name = "staff", Cohorts = ["staff"], MinRequests = 20, Checks = [Check.Parse(Errors), Check.Parse("safety_violations == 0")] }).Plan();
        Assert.Equal((600, 200, 0), (outlook.Stages[0].Seconds.Median, outlook.Stages[1].Seconds.Median, outlook.Stages[2].Seconds.Median));
        Assert.False(outlook.Stages[1].Checks[0].IsGating);
        Assert.StartsWith("no control", outlook.Stages[1].Checks[0].Shows, StringComparison.Ordinal);
        Assert.Contains(outlook.Assumptions, said => said.Contains("each cohort sends 10 % of all requests", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_passed_or_an_excluded_cohort_sends_is_not_split()
    {
        var spec = Plans.Spec(new(Weight.Full) { Name = "staff", Cohorts = ["staff"], Checks = [] }, Plans.Stage(50)) with { Exclude = ["vip"] };
        Assert.Equal([0.1, 0.4, 0.8], spec.Plan().Stages.Select(stage => Math.Round(stage.CanaryPerSecond, 9)));
    }

    [Fact]
    public void A_deadline_that_promotes_ends_the_stage_and_another_does_not_make_the_proof_faster()
    {
        var stage = Plans.Stage(5, Errors) with { Deadline = TimeSpan.FromMinutes(10) };
        Assert.Equal((600, "deadline"), Plans.Spec(stage with { OnDeadline = OnDeadline.Promote }).Plan().Stages[0] is var promoted ? (promoted.Seconds.Median, promoted.WaitsFor) : default);
        var paused = Plans.Spec(stage).Plan().Stages[0];
        Assert.InRange(paused.Seconds.Median, 4000, 7000);
        Assert.False(paused.Checks[0].DecidesInTime);
        Assert.True(Plans.Spec(stage with { Deadline = TimeSpan.FromDays(1) }).Plan().Stages[0].Checks[0].DecidesInTime);
    }

    [Fact]
    public void Every_kind_of_check_is_planned_through_its_own_test()
    {
        var checks = new[]
        {
            "success_rate >= 0.97", "p95_latency < 1200ms", "score.quality > 0.7", "cost_per_request < 2", "p99_ttft_increase < 0.5", "score.quality_delta > -0.03", "task_completion_regression < 0.05",
            "cost_per_request_increase < 0.5", "tokens_per_request_increase < 0.1", "mean_latency_increase < 0.2", "refusal_rate_delta < 0.02", "user_satisfaction_delta > -0.2", "rate_limited_rate < 0.05",
        };
        var stage = Plans.Spec(Plans.Stage(5, checks)).Plan(baseline: "p95_latency=800ms,score.quality=0.8,cost_per_request=1,rate_limited_rate=0.01").Stages[0];
        Assert.All(stage.Checks, check => Assert.InRange(check.Samples.Median, 10, 10_000));
        Assert.All(stage.Checks, check => Assert.True(check.Samples.P90 >= check.Samples.Median && check.IsGating, check.Check.Text));
    }

    [Fact]
    public void What_the_baseline_breaks_is_never_proven_and_what_it_does_not_tell_is_left_out()
    {
        var stage = Plans.Spec(Plans.Stage(5, "success_rate >= 0.99", "p95_latency < 400ms")).Plan().Stages[0];
        Assert.Equal(double.PositiveInfinity, stage.Checks[0].Samples.Median);
        Assert.Contains("success_rate is 99 % in the baseline", stage.Checks[0].Shows, StringComparison.Ordinal);
        Assert.Equal(double.NaN, stage.Checks[1].Samples.Median);
        Assert.Contains("the baseline does not say p95_latency", stage.Checks[1].Shows, StringComparison.Ordinal);
    }

    [Fact]
    public void Twice_five_times_and_half_are_what_a_bad_canary_fails_and_each_costs_its_share_of_requests()
    {
        var bad = Plans.Spec(Plans.Stage(5, Errors)).Plan(perSecond: 10).Stages[0].BadCanaries;
        Assert.Equal([0.02, 0.05, 0.5], bad.Select(canary => canary.ErrorRate));
        Assert.Equal([true, false, false], bad.Select(canary => canary.IsInsideMargin));
        Assert.All(bad, canary => Assert.Equal((canary.Requests.Mean * canary.ErrorRate, canary.Requests.Mean / 0.5), (canary.Failed.Mean, canary.Seconds.Mean)));
        Assert.True(bad[0].Requests.Mean > bad[1].Requests.Mean && bad[1].Requests.Mean > bad[2].Requests.Mean);
    }

    [Fact]
    public void Where_no_check_can_tell_a_bad_canary_it_is_never_rolled_back() =>
        Assert.All(Plans.Spec(Plans.Stage(5, "cost_per_request_increase < 0.5")).Plan().Stages[0].BadCanaries, canary => Assert.Equal(double.PositiveInfinity, canary.Requests.Mean));

    private static long UntilProven(World world)
    {
        while (world.Evidence.LogNotWorse(world.Terms, 0, world.Weight) < Math.Log(20)) world.Second(40, 0, 0);
        return world.Canary.Finished;
    }
}
