using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class SimulatorTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void The_same_seed_and_number_give_the_same_run_in_whatever_order()
    {
        var world = SomeWorld.Of(stable: "error_rate=0.02,score.quality=0.8,tokens_per_request=500", canary: "error_rate=0.08", both: "icc=0.05", users: 200);
        var forwards = SomeWorld.Run(world, SomeWorld.Short, Hour, 8);
        var backwards = Enumerable.Range(0, 8).Reverse().AsParallel().WithDegreeOfParallelism(4).Select(run => (run, Simulator.Run(SomeWorld.Short, world, Hour, 1, run))).ToDictionary();
        for (var run = 0; run < 8; run++) AssertSame(forwards[run], backwards[run]);
        Assert.True(forwards.DistinctBy(run => run.CanaryRequests).Count() > 1);
        Assert.NotEqual(forwards.Select(run => run.CanaryRequests), SomeWorld.Run(world, SomeWorld.Short, Hour, 8, seed: 2).Select(run => run.CanaryRequests));
    }

    [Fact]
    public void A_good_canary_is_promoted()
    {
        var summary = SimulationSummary.Of(SomeWorld.Run(SomeWorld.Of(stable: "error_rate=0.01"), SomeWorld.Short, Hour, 20), stages: 3);
        Assert.InRange(summary.Completed, 0.9, 1);
        Assert.Equal(summary.RolledBack, summary.FalseRollbacks);
        Assert.InRange(summary.SecondsToCompletion!.Value.Median, 120, 1800);
        Assert.Null(summary.WorstStage is null ? summary.SecondsToRollback : null);
        Assert.Equal(0, summary.ExtraFailures);
    }

    [Fact]
    public void A_bad_canary_is_rolled_back_after_few_failures()
    {
        var summary = SimulationSummary.Of(SomeWorld.Run(SomeWorld.Of(stable: "error_rate=0.01", canary: "error_rate=0.3"), SomeWorld.Short, Hour, 20), stages: 3);
        Assert.Equal((1, 0, 0), (summary.RolledBack, summary.FalseRollbacks, summary.WorstStage));
        Assert.InRange(summary.CanaryRequestsToRollback!.Value.Mean, 4, 40);
        Assert.InRange(summary.CanaryFailuresToRollback!.Value.Mean, 2, 12);
        Assert.True(summary.ExtraFailures < summary.CanaryFailuresToRollback.Value.Mean);
    }

    [Fact]
    public void A_canary_that_turns_bad_late_is_rolled_back_after_it_turned()
    {
        var runs = SomeWorld.Run(SomeWorld.Of(stable: "error_rate=0.01", canary: "error_rate=0.5,late=50s"), SomeWorld.Short, Hour, 10);
        Assert.All(runs, run => Assert.Equal((Phase.RolledBack, false), (run.Phase, run.IsFalseRollback)));
        Assert.All(runs, run => Assert.InRange(run.Time.TotalSeconds, 50, 70));
    }

    [Fact]
    public void A_rollback_before_the_canary_turned_is_a_false_one()
    {
        var run = new SimulatedRun { Phase = Phase.RolledBack, Time = default, Entered = [default], CanaryRequests = 9, CanaryFailures = 1, ExtraFailures = 0, WasWorse = false };
        Assert.True(run.IsFalseRollback);
        Assert.False((run with { WasWorse = true }).IsFalseRollback);
        Assert.False((run with { Phase = Phase.Completed }).IsFalseRollback);
    }

    [Fact]
    public void An_incident_of_both_versions_rolls_nothing_back()
    {
        var world = SomeWorld.Of(stable: "error_rate=0.01", both: "incident=40%@30s+40s");
        Assert.All(SomeWorld.Run(world, SomeWorld.Short, Hour, 10), run => Assert.Equal(Phase.Completed, run.Phase));
    }

    [Fact]
    public void Failures_that_are_reported_sooner_than_successes_roll_nothing_back()
    {
        var world = SomeWorld.Of(perSecond: 10, stable: "error_rate=0.05,p50_latency=60s,p95_latency=70s,failure_latency=1s");
        // The fast rule judges by the end, before anything has succeeded.
        var spec = SomeWorld.Short with { Analysis = SomeWorld.Short.Analysis with { FastFailures = 0 } };
        Assert.DoesNotContain(SomeWorld.Run(world, spec, TimeSpan.FromMinutes(5), 4), run => run.Phase is Phase.RolledBack);
    }

    [Fact]
    public void A_canary_that_gets_more_than_its_weight_gets_more_requests()
    {
        long Requests(string canary) => Simulator.Run(SomeWorld.Rollout((20, Hour, 100)), SomeWorld.Of(canary: canary), TimeSpan.FromMinutes(5), 1, 0).CanaryRequests;
        Assert.InRange(Requests("share=1.5") / (double)Requests(""), 1.4, 1.6);
    }

    [Fact]
    public void Slowness_and_scores_and_cost_are_found_where_a_check_looks_at_them()
    {
        foreach (var (check, canary) in new[]
        {
            ("p95_latency_increase < 0.3", "p95_latency=3s"),
            ("score.quality_delta > -0.02", "score.quality=0.3"),
            ("cost_per_request_increase < 0.2", "cost_per_request=0.02"),
            ("tokens_per_request_increase < 0.2", "tokens_per_request=4000"),
            ("tool_error_rate_increase < 0.2", "tool_error_rate=0.4"),
            ("task_completion_regression < 0.02", "task_completion=0.4"),
            ("safety_violations == 0", "safety_violations=0.1"),
        })
        {
            var spec = SomeWorld.Short with { Stages = [.. SomeWorld.Short.Stages.Select(stage => stage with { Checks = [Check.Parse(check)] })] };
            var world = SomeWorld.Of(stable: "p95_latency=800ms,score.quality=0.8,cost_per_request=0.004,tokens_per_request=600,tool_error_rate=0.05,task_completion=0.9", canary: canary);
            Assert.Empty(world.Unfed(spec));
            var run = Simulator.Run(spec, world, Hour, 1, 0);
            Assert.True(run is { Phase: Phase.RolledBack, IsFalseRollback: false }, $"{check}: {run.Phase}, worse: {run.WasWorse}");
        }
    }

    [Fact]
    public void A_stage_for_a_cohort_is_left_by_the_requests_of_its_users()
    {
        var cohort = new Cohort("internal", []);
        var spec = SomeWorld.Short with { Cohorts = [cohort], Stages = [new(Weight.Full) { Name = "staff", Cohorts = ["internal"], BakeTime = TimeSpan.FromMinutes(1), Checks = [] }, .. SomeWorld.Short.Stages] };
        var run = Simulator.Run(spec, SomeWorld.Of(stable: "error_rate=0.01"), Hour, 1, 0);
        Assert.Equal(Phase.Completed, run.Phase);
        // A tenth of 20 requests a second for a minute, and the cohort stays on the canary.
        var staff = Simulator.Run(spec, SomeWorld.Of(stable: "error_rate=0.01"), TimeSpan.FromSeconds(60), 1, 0);
        Assert.InRange(staff.CanaryRequests, 80, 160);
    }

    [Fact]
    public void A_stage_that_wants_users_is_given_users() =>
        Assert.Equal(Phase.Completed, Simulator.Run(
            SomeWorld.Short with { Stages = [.. SomeWorld.Short.Stages.Select(stage => stage with { MinUsers = 20 })] }, SomeWorld.Of(stable: "error_rate=0.01"), Hour, 1, 0).Phase);

    [Fact]
    public void Nobody_waits_for_an_approval() =>
        Assert.Equal(Phase.Completed, Simulator.Run(
            SomeWorld.Short with { Stages = [.. SomeWorld.Short.Stages.Select(stage => stage with { Approval = true })] }, SomeWorld.Of(stable: "error_rate=0.01"), Hour, 1, 0).Phase);

    [Fact]
    public void A_run_stops_when_it_is_asked_to()
    {
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => Simulator.Run(SomeWorld.Short, SomeWorld.Of(), Hour, 1, 0, stop.Token));
    }

    private static void AssertSame(SimulatedRun expected, SimulatedRun actual)
    {
        Assert.Equal(expected.Entered.AsEnumerable(), actual.Entered.AsEnumerable());
        Assert.Equal(expected with { Entered = [] }, actual with { Entered = [] });
    }
}
