using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>What the rollouts of one canary came to by one method.</summary>
/// <param name="Peer">Whose rules they went by; null for this product.</param>
/// <param name="Summary">What they came to.</param>
/// <param name="Bound">The fewest canary requests that any method needs at the weight where most were rolled back (Wald); null where none can tell, or none was.</param>
internal sealed record MethodResult(Peer? Peer, SimulationSummary Summary, double? Bound)
{
    /// <summary>Gets the name in a table.</summary>
    public string Title => Peer?.Title ?? "AgentCanary";

    /// <summary>Gets how many times the bound the requests until a rollback were on average.</summary>
    public double? Ratio => Summary.CanaryRequestsToRollback?.Mean / Bound;
}
