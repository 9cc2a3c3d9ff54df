using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>One version of an agent and where it answers.</summary>
/// <param name="Version">The version, <c>[a-zA-Z0-9._-]{1,64}</c>.</param>
public sealed record VersionSpec(string Version)
{
    /// <summary>Gets the base address, <c>http</c> or <c>https</c>; null in the library, where no traffic is forwarded.</summary>
    public string? Url { get; init; }

    /// <summary>Gets the headers that are set on requests to this version.</summary>
    public ImmutableSortedDictionary<string, string> Headers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Gets the top-level JSON fields that are set in request bodies to this version, each as JSON text.</summary>
    public ImmutableSortedDictionary<string, string> Set { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Gets the probe of this version, or null where the rollout's own applies.</summary>
    public HealthSpec? Health { get; init; }
}
