using System.Collections.Immutable;

namespace AgentCanary.Server.Gateway;

/// <summary>A request that was sampled for the shadow, as it came, without what stays behind. Immutable.</summary>
/// <param name="Route">The agent.</param>
/// <param name="Assignment">Who served the user.</param>
/// <param name="Method">The method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">The headers that pass.</param>
/// <param name="Body">The body; empty without one.</param>
internal sealed record ShadowCall(
    AgentRoute Route, Assignment Assignment, string Method, string Target, ImmutableArray<KeyValuePair<string, string>> Headers, byte[] Body)
{
    /// <summary>Gets the copy of stable's answer.</summary>
    public AnswerCopy Copy { get; } = new();

    /// <summary>Gets what stable answered, once it has.</summary>
    public ShadowAnswer Answer { get; init; } = new(0, null);
}
