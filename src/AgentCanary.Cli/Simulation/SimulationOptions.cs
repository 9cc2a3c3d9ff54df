using System.Collections.Immutable;
using AgentCanary.Planning.Peers;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Simulation;

/// <summary>What the person asked to simulate.</summary>
/// <param name="Spec">The rollout.</param>
/// <param name="Canaries">The canaries, at least one, each in a rollout of its own.</param>
/// <param name="Peers">The products whose rules are run beside this one's.</param>
/// <param name="Length">When a rollout that has not ended counts as undecided.</param>
/// <param name="Runs">How many rollouts of each canary.</param>
/// <param name="Seed">Where chance begins: the same seed gives the same figures.</param>
/// <param name="Json">Whether one JSON document is the only output.</param>
internal sealed record SimulationOptions(
    RolloutSpec Spec, ImmutableArray<SimulatedCanary> Canaries, ImmutableArray<Peer> Peers, TimeSpan Length, int Runs, ulong Seed, bool Json);
