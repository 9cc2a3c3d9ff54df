using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Client;

/// <summary>While a rollout was waited for, another one took its place.</summary>
/// <param name="awaited">The rollout that was waited for.</param>
internal sealed class RolloutReplacedException(RolloutView awaited) : Exception(
    $"{awaited.Agent}: attempt {awaited.Attempt} of {awaited.Canary.Version} was replaced while it was waited for. Look with: agentcanary status {awaited.Agent}");
