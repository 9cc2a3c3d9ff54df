using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Simulation;

/// <summary>What the person asked to simulate.</summary>
/// <param name="Spec">The rollout.</param>
/// <param name="World">The world that it runs in.</param>
/// <param name="Length">When a rollout that has not ended counts as undecided.</param>
/// <param name="Runs">How many rollouts.</param>
/// <param name="Seed">Where chance begins: the same seed gives the same figures.</param>
/// <param name="Json">Whether one JSON document is the only output.</param>
internal sealed record SimulationOptions(RolloutSpec Spec, World World, TimeSpan Length, int Runs, ulong Seed, bool Json);
