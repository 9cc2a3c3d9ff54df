using System.Collections.Immutable;

namespace AgentCanary.Planning.Simulation;

/// <summary>What many simulated rollouts of one method came to. Immutable and thread-safe.</summary>
public sealed record SimulationSummary
{
    /// <summary>Gets how many rollouts there were, 1 or more.</summary>
    public required int Runs { get; init; }

    /// <summary>Gets the share that was completed.</summary>
    public required double Completed { get; init; }

    /// <summary>Gets the share that was rolled back.</summary>
    public required double RolledBack { get; init; }

    /// <summary>Gets the share that was rolled back although the canary had not been worse than stable.</summary>
    public required double FalseRollbacks { get; init; }

    /// <summary>Gets the share that was completed although the canary had been worse than stable.</summary>
    public required double Missed { get; init; }

    /// <summary>Gets the share that was neither completed nor rolled back when the time was over.</summary>
    public required double Undecided { get; init; }

    /// <summary>Gets the mean of how many more requests failed than without the rollout, until it ended.</summary>
    public required double ExtraFailures { get; init; }

    /// <summary>Gets the requests that the canary was given until a rollback; null where there was none.</summary>
    public required Spread? CanaryRequestsToRollback { get; init; }

    /// <summary>Gets how many of these failed; null without a rollback.</summary>
    public required Spread? CanaryFailuresToRollback { get; init; }

    /// <summary>Gets the seconds from the beginning to a rollback; null without one.</summary>
    public required Spread? SecondsToRollback { get; init; }

    /// <summary>Gets the seconds from the beginning to the completion; null without one.</summary>
    public required Spread? SecondsToCompletion { get; init; }

    /// <summary>Gets what became of them by stage.</summary>
    public required ImmutableArray<StageSummary> Stages { get; init; }

    /// <summary>Gets the stage in which most rollbacks happened; null where there were none.</summary>
    public int? WorstStage => RolledBack == 0 ? null : Enumerable.Range(0, Stages.Length).MaxBy(stage => Stages[stage].RolledBack);

    /// <summary>Sums up.</summary>
    /// <param name="runs">The rollouts, at least one.</param>
    /// <param name="stages">How many stages there are.</param>
    public static SimulationSummary Of(IReadOnlyList<SimulatedRun> runs, int stages)
    {
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentOutOfRangeException.ThrowIfZero(runs.Count);
        var back = runs.Where(run => run.Phase is Phase.RolledBack).ToArray();
        var done = runs.Where(run => run.Phase is Phase.Completed).ToArray();
        return new()
        {
            Runs = runs.Count,
            Completed = done.Length / (double)runs.Count,
            RolledBack = back.Length / (double)runs.Count,
            Undecided = (runs.Count - done.Length - back.Length) / (double)runs.Count,
            FalseRollbacks = back.Count(run => run.IsFalseRollback) / (double)runs.Count,
            Missed = done.Count(run => run.IsMissed) / (double)runs.Count,
            ExtraFailures = runs.Average(run => run.ExtraFailures),
            CanaryRequestsToRollback = Spread(back, run => run.CanaryRequests),
            CanaryFailuresToRollback = Spread(back, run => run.CanaryFailures),
            SecondsToRollback = Spread(back, run => run.Time.TotalSeconds),
            SecondsToCompletion = Spread(done, run => run.Time.TotalSeconds),
            Stages = [.. Enumerable.Range(0, stages).Select(stage => StageSummary.Of(runs, stage))],
        };
    }

    private static Spread? Spread(SimulatedRun[] runs, Func<SimulatedRun, double> figure) => runs.Length == 0 ? null : Planning.Spread.Of(runs.Select(figure));
}
