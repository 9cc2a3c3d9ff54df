namespace AgentCanary.Planning.Simulation;

/// <summary>What became of the rollouts in one stage. Immutable and thread-safe.</summary>
/// <param name="Entered">The share of all rollouts that entered it.</param>
/// <param name="RolledBack">The share of all rollouts that were rolled back in it.</param>
/// <param name="Undecided">The share of all rollouts that stood in it when the time was over.</param>
/// <param name="Seconds">How long it took those that left it upwards; null where none did.</param>
public sealed record StageSummary(double Entered, double RolledBack, double Undecided, Spread? Seconds)
{
    internal static StageSummary Of(IReadOnlyList<SimulatedRun> runs, int stage)
    {
        double Share(Func<SimulatedRun, bool> test) => runs.Count(test) / (double)runs.Count;
        var left = runs.Where(run => run.LeftAt(stage) is not null).Select(run => (run.LeftAt(stage)!.Value - run.Entered[stage]).TotalSeconds).ToArray();
        return new(
            Share(run => run.Entered.Length > stage),
            Share(run => run.Entered.Length == stage + 1 && run.Phase is Phase.RolledBack),
            Share(run => run.Entered.Length == stage + 1 && run.Phase is not (Phase.RolledBack or Phase.Completed)),
            left.Length == 0 ? null : Spread.Of(left));
    }
}
