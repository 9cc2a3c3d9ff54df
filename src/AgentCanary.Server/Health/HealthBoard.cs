using System.Collections.Concurrent;

namespace AgentCanary.Server.Health;

/// <summary>The newest health of every watched version. Thread-safe.</summary>
public sealed class HealthBoard
{
    private readonly ConcurrentDictionary<(string Agent, string Version), VersionHealth> _health = new();

    /// <summary>Finds what is known of a version; <see cref="VersionHealth.Unknown"/> where nothing is.</summary>
    public VersionHealth Find(string agent, string version) => _health.GetValueOrDefault((agent, version), VersionHealth.Unknown);

    /// <summary>Is told, on the thread that publishes, when a version became ready, unhealthy or healthy again. It must return quickly and not throw.</summary>
    public event Action? Changed;

    /// <summary>Replaces what is known of a version.</summary>
    public void Publish(string agent, string version, VersionHealth health)
    {
        ArgumentNullException.ThrowIfNull(health);
        var before = Find(agent, version);
        _health[(agent, version)] = health;
        if (before.IsReady != health.IsReady || before.UnhealthySince is null != health.UnhealthySince is null) Changed?.Invoke();
    }
}
