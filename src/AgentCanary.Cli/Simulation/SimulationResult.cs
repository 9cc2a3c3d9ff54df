using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>What a simulation came to.</summary>
/// <param name="Options">What was asked.</param>
/// <param name="Own">What the rollouts of the file came to.</param>
internal sealed record SimulationResult(SimulationOptions Options, SimulationSummary Own)
{
    /// <summary>Gets the fewest canary requests that any method needs at the weight of a stage; null where none can tell.</summary>
    public double? Bound(int stage) => RollbackBound.Requests(Options.Spec, Options.World, Options.Spec.Stages[stage].Weight);
}
