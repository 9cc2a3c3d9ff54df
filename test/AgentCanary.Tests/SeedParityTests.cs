using AgentCanary.Control;

namespace AgentCanary.Tests;

/// <summary>What the Python library agent-canary does with metrics, stages and decisions.</summary>
public sealed class SeedParityTests
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(100);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void The_standard_plan_is_that_of_the_seed() => Assert.Equal(
        [(100, 300, 50, 0.99), (500, 600, 200, 0.99), (2_500, 900, 500, 0.99), (5_000, 1_200, 1_000, 0.99), (10_000, 0, 0, 0.99)],
        StagePlan.Standard.Stages.Select(stage => (stage.Weight.BasisPoints, (int)stage.BakeTime.TotalSeconds, stage.MinRequests, stage.MinSuccessRate!.Value)));

    [Fact]
    public void A_plan_needs_a_stage_and_its_weights_may_stay_but_not_fall()
    {
        Assert.Throws<ArgumentException>(() => new StagePlan());
        Assert.Throws<ArgumentException>(() => new StagePlan(new Stage(Weight.FromPercent(10)), new Stage(Weight.FromPercent(5)), new Stage(Weight.Full)));
        Assert.Equal(3, new StagePlan(new Stage(Weight.FromPercent(5)), new Stage(Weight.FromPercent(5)), new Stage(Weight.Full)).Stages.Length);
    }

    [Fact]
    public void Equal_versions_are_refused() => Assert.Throws<ArgumentException>(() => new CanaryDeployment("v1", "v1", StagePlan.Standard));

    [Fact]
    public void Calls_are_counted_by_version_with_their_success_rate_and_percentiles()
    {
        var canary = Deploy(StagePlan.Standard);
        for (var i = 0; i < 100; i++) canary.Record("v2", success: i % 10 != 0, TimeSpan.FromMilliseconds(i));
        canary.Record("v1", success: true, Usual);

        var (stable, tried) = (canary.Status.Stable, canary.Status.Canary);
        Assert.Equal((1, 0, 1.0), (stable.Requests, stable.Errors, stable.SuccessRate));
        Assert.Equal((100, 10, 0.9), (tried.Requests, tried.Errors, tried.SuccessRate!.Value));
        // The seed sorts the latencies; ours are within one bucket of 6.25 %.
        Assert.Equal(50, tried.P50!.Value.TotalMilliseconds, tolerance: 50 * 0.0625);
        Assert.Equal(95, tried.P95!.Value.TotalMilliseconds, tolerance: 95 * 0.0625);
        Assert.Equal(99, tried.P99!.Value.TotalMilliseconds, tolerance: 99 * 0.0625);
    }

    [Fact]
    public void A_stage_is_left_when_time_requests_success_and_latency_are_all_there_and_not_a_moment_before()
    {
        var plan = new StagePlan(
            new Stage(Weight.FromPercent(5)) { BakeTime = TimeSpan.FromMinutes(5), MinRequests = 100, MinSuccessRate = 0.99, MaxP95 = TimeSpan.FromMilliseconds(400) },
            new Stage(Weight.Full));
        var canary = Deploy(plan);
        Serve(canary, 99, failures: 1);
        _time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.IsType<Decision.Hold>(canary.Decide());

        Serve(canary, 1, failures: 0);
        Assert.IsType<Decision.Hold>(canary.Decide());

        _time.Advance(TimeSpan.FromTicks(1));
        var promotion = Assert.IsType<Decision.Promote>(canary.Decide());
        Assert.Equal(1, promotion.ToStage);
    }

    [Fact]
    public void Too_few_requests_hold_and_the_reason_says_how_many_are_missing()
    {
        var canary = Deploy(StagePlan.Standard);
        Serve(canary, 49, failures: 0);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Contains("1 more", Assert.IsType<Decision.Hold>(canary.Decide()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Success_below_the_threshold_of_the_stage_holds()
    {
        var canary = Deploy(StagePlan.Standard);
        Serve(canary, 1_000, failures: 11);
        _time.Advance(TimeSpan.FromHours(1));

        Assert.IsType<Decision.Hold>(canary.Decide());
    }

    [Fact]
    public void Five_points_below_stable_hold_and_six_roll_back()
    {
        var margin = Deploy(StagePlan.Standard);
        Serve(margin, 100, failures: 5);
        Assert.IsType<Decision.Hold>(margin.Decide());

        var beyond = Deploy(StagePlan.Standard);
        Serve(beyond, 100, failures: 6);
        Assert.IsType<Decision.RollBack>(beyond.Decide());
    }

    [Fact]
    public void Below_fifty_requests_nothing_is_rolled_back_by_the_margin()
    {
        var canary = Deploy(StagePlan.Standard);
        Serve(canary, 49, failures: 5);
        Assert.IsType<Decision.Hold>(canary.Decide());

        Serve(canary, 1, failures: 1);
        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void The_margin_and_the_least_requests_of_a_rollback_can_be_set()
    {
        var strict = new CanaryDeployment("v1", "v2", StagePlan.Standard, new() { TimeProvider = _time, RollbackMargin = 0.02, RollbackMinRequests = 20 });
        Serve(strict, 20, failures: 1);

        Assert.IsType<Decision.RollBack>(strict.Decide());
    }

    [Fact]
    public void A_rollback_is_decided_before_a_promotion()
    {
        var plan = new StagePlan(new Stage(Weight.FromPercent(5)) { MinRequests = 50 }, new Stage(Weight.Full));
        var canary = Deploy(plan);
        Serve(canary, 100, failures: 20);

        Assert.IsType<Decision.RollBack>(canary.Decide());
    }

    [Fact]
    public void Applying_a_promotion_enters_the_next_stage_routes_by_it_and_counts_the_canary_anew()
    {
        var canary = Deploy(StagePlan.Standard);
        Serve(canary, 200, failures: 0);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(canary.Apply(canary.Decide()));

        var status = canary.Status;
        Assert.Equal((Phase.Progressing, 1, 5, Weight.FromPercent(5)), (status.Phase, status.StageIndex, status.Stages, status.Weight));
        Assert.Equal((TimeSpan.Zero, 0L), (status.TimeInStage, status.Canary.Requests));
        Assert.InRange(Enumerable.Range(0, 20_000).Count(user => canary.Route($"user-{user}") == "v2"), 1_000 - 124, 1_000 + 124);
    }

    [Fact]
    public void The_last_stage_completes_and_then_there_is_nothing_more_to_do()
    {
        var canary = Deploy(new StagePlan(new Stage(Weight.Full)));
        Assert.IsType<Decision.Complete>(canary.Decide());
        Assert.True(canary.Apply(canary.Decide()));

        Assert.Equal((Phase.Completed, Weight.Full), (canary.Status.Phase, canary.Status.Weight));
        Assert.IsType<Decision.Hold>(canary.Decide());
        Assert.False(canary.Apply(canary.Decide()));
    }

    [Fact]
    public void The_status_names_both_versions_and_how_long_the_stage_has_run()
    {
        var canary = Deploy(StagePlan.Standard);
        _time.Advance(TimeSpan.FromSeconds(42));

        var status = canary.Status;
        Assert.Equal(("v1", "v2", TimeSpan.FromSeconds(42)), (status.StableVersion, status.CanaryVersion, status.TimeInStage));
    }

    private static void Serve(CanaryDeployment canary, int requests, int failures)
    {
        // Spread evenly, so that no row of failures looks like an outage.
        for (var i = 0; i < requests; i++)
        {
            canary.Record("v1", success: true, Usual);
            canary.Record("v2", success: (long)(i + 1) * failures / requests == (long)i * failures / requests, Usual);
        }
    }

    private CanaryDeployment Deploy(StagePlan plan) => new("v1", "v2", plan, new() { TimeProvider = _time });
}
