using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class SimulationSummaryTests
{
    [Fact]
    public void Runs_are_summed_up_by_how_they_ended_and_where()
    {
        var summary = SimulationSummary.Of(
        [
            Run(Phase.Completed, 400, worse: false, 0, 100, 300),
            Run(Phase.RolledBack, 50, worse: true, 0) with { CanaryRequests = 10, CanaryFailures = 4 },
            Run(Phase.RolledBack, 150, worse: false, 0, 120) with { CanaryRequests = 30, CanaryFailures = 2 },
            Run(Phase.Progressing, 1000, worse: false, 0, 140),
        ], stages: 3);
        Assert.Equal((4, 0.25, 0.5, 0.25, 0.25), (summary.Runs, summary.Completed, summary.RolledBack, summary.FalseRollbacks, summary.Undecided));
        Assert.Equal((20.0, 30.0, 30.0), (summary.CanaryRequestsToRollback!.Value.Mean, summary.CanaryRequestsToRollback.Value.Median, summary.CanaryRequestsToRollback.Value.P90));
        Assert.Equal(400, summary.SecondsToCompletion!.Value.Median);
        Assert.Equal([1, 0.75, 0.25], summary.Stages.Select(stage => stage.Entered));
        Assert.Equal([0.25, 0.25, 0], summary.Stages.Select(stage => stage.RolledBack));
        Assert.Equal([0, 0.25, 0], summary.Stages.Select(stage => stage.Undecided));
        Assert.Equal([120.0, 200.0, 100.0], summary.Stages.Select(stage => stage.Seconds!.Value.Median));
    }

    [Fact]
    public void A_worse_canary_that_was_completed_is_missed()
    {
        var summary = SimulationSummary.Of([Run(Phase.Completed, 9, worse: true, 0), Run(Phase.Completed, 9, worse: false, 0), Run(Phase.RolledBack, 9, worse: true, 0), Run(Phase.Progressing, 9, worse: true, 0)], stages: 1);
        Assert.Equal((0.25, 0, 0.25), (summary.Missed, summary.FalseRollbacks, summary.Undecided));
    }

    [Fact]
    public void What_did_not_happen_has_no_figures()
    {
        var summary = SimulationSummary.Of([Run(Phase.Progressing, 1000, worse: false, 0)], stages: 2);
        Assert.Null(summary.CanaryRequestsToRollback);
        Assert.Null(summary.SecondsToCompletion);
        Assert.Null(summary.WorstStage);
        Assert.All(summary.Stages, stage => Assert.Null(stage.Seconds));
    }

    private static SimulatedRun Run(Phase phase, double seconds, bool worse, params double[] entered) => new()
    {
        Phase = phase,
        Time = TimeSpan.FromSeconds(seconds),
        Entered = [.. entered.Select(TimeSpan.FromSeconds)],
        CanaryRequests = 0,
        CanaryFailures = 0,
        ExtraFailures = 0,
        WasWorse = worse,
    };
}
