using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AgentCanary.Server;

/// <summary>Counts every request that the gateway served since the process started, by agent, version and variant. Thread-safe.</summary>
/// <remarks>For monitoring only: what rollouts are judged by is kept per start tick in the recorders.</remarks>
public sealed class RequestTotals
{
    private readonly ConcurrentDictionary<(string Agent, string Version, Variant Variant), VersionTotals> _totals = new();

    /// <summary>Gets all counters, in the order of agent, version and variant.</summary>
    public ImmutableArray<VersionTotals> All => [.. _totals.Values
        .OrderBy(totals => totals.Agent, StringComparer.Ordinal).ThenBy(totals => totals.Version, StringComparer.Ordinal).ThenBy(totals => totals.Variant)];

    /// <summary>Finds the counters of one version, made at the first call. Versions come from rollout files, so there are few.</summary>
    public VersionTotals Of(string agent, string version, Variant variant)
    {
        var key = (agent, version, variant);
        return _totals.TryGetValue(key, out var totals) ? totals : _totals.GetOrAdd(key, static key => new(key.Agent, key.Version, key.Variant));
    }
}
