using System.Collections.Frozen;

namespace AgentCanary.Shadow;

/// <summary>Which members of JSON are not compared. Pure and thread-safe.</summary>
internal static class IgnoredMembers
{
    /// <summary>What two answers never share, however alike they are, nor two versions: left out at any depth where nobody says what is.</summary>
    private static readonly FrozenSet<string> Usual = FrozenSet.Create(
        "id", "created", "created_at", "completed_at", "timestamp", "model", "system_fingerprint", "usage", "request_id", "call_id", "tool_call_id", "tool_use_id",
        "contextId", "taskId", "messageId", "artifactId");

    // What a tool is called with is what the agent does: the id of an order is no id of an answer.
    private static readonly FrozenSet<string> Arguments = FrozenSet.Create("input", "arguments", "args", "parameters");

    /// <summary>Tells whether a member is left out.</summary>
    /// <param name="terms">What the rollout says.</param>
    /// <param name="path">The names above it with dots between, or nothing.</param>
    /// <param name="name">Its name.</param>
    public static bool Contains(AgreementTerms terms, string path, string name) => terms.Ignore.IsDefault
        ? Usual.Contains(name) && !path.Split('.').Any(Arguments.Contains)
        : terms.Ignore.Contains(JsonSimilarity.PlaceOf(path, name));
}
