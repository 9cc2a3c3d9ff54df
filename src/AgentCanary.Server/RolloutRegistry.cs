using System.Collections.Immutable;

namespace AgentCanary.Server;

/// <summary>The rollouts that this process serves. Reading is one volatile read; the controller alone publishes.</summary>
public sealed class RolloutRegistry
{
    private volatile ImmutableDictionary<string, CanaryRuntime> _runtimes = ImmutableDictionary<string, CanaryRuntime>.Empty;

    /// <summary>Gets the runtimes by their agents' names. Read it once per request.</summary>
    public ImmutableDictionary<string, CanaryRuntime> Current => _runtimes;

    /// <summary>Replaces what is served.</summary>
    public void Publish(ImmutableDictionary<string, CanaryRuntime> runtimes) => _runtimes = runtimes;
}
