using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCanary.Server.Api;

/// <summary>What a caller says who asks which version to call. Unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DecideBody
{
    /// <summary>Gets the agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Gets the sticky key as it stands, or null for a request without one, which a random draw decides.</summary>
    public string? Key { get; init; }

    /// <summary>Gets what the cohorts of the rollout file ask for, by their names there, such as <c>header:x-user-group</c>; none unless set.</summary>
    public ImmutableDictionary<string, string>? Attributes { get; init; }
}
