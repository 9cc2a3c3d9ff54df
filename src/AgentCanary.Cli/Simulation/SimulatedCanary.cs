using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>One of the canaries that are simulated.</summary>
/// <param name="Text">How it differs from stable, as the person wrote it; empty for not at all.</param>
/// <param name="World">The world with it.</param>
internal sealed record SimulatedCanary(string Text, World World);
