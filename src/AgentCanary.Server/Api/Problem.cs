using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCanary.Server.Api;

/// <summary>An error as RFC 9457 writes it, <c>application/problem+json</c>.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">The last part of <see cref="Type"/>, which programs may compare; it is not written by itself.</param>
/// <param name="Detail">What is wrong here, by which rule, and what to do next.</param>
public sealed record Problem(int Status, [property: JsonIgnore] string Name, string Detail)
{
    /// <summary>Gets the kind of problem, a URN that never changes.</summary>
    [JsonPropertyOrder(-2)]
    public string Type { get; init; } = $"urn:agentcanary:problem:{Name}";

    /// <summary>Gets the kind of problem in words.</summary>
    [JsonPropertyOrder(-1)]
    public string Title { get; init; } = ProblemTitles.Of(Name, Status);

    /// <summary>Gets the present revision where the asker looked at another one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Revision { get; init; }

    /// <summary>Gets the rollout as it stands, where the act concerned one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RolloutView? Rollout { get; init; }

    /// <summary>Gets every fault of a refused rollout file.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<FaultView>? Faults { get; init; }

    /// <summary>Gets every fault of a refused batch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<ItemFault>? Errors { get; init; }
}
