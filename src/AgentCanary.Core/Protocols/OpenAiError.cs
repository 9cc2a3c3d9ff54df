using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols;

/// <summary>What the names of OpenAI's errors mean.</summary>
internal static class OpenAiError
{
    /// <summary>Reads a <c>type</c> or a <c>code</c>; null where it says nothing. Some servers put an HTTP status there.</summary>
    public static OutcomeClass? ClassOf(JsonKind kind, ReadOnlySpan<byte> text)
    {
        if (JsonAnswerReader.Count(kind, text) is >= 400 and <= 599 and var status) return HttpStatus.ClassOf((int)status);
        if (kind != JsonKind.String) return null;
        if (text.SequenceEqual("rate_limit_exceeded"u8) || text.SequenceEqual("insufficient_quota"u8)) return OutcomeClass.RateLimited;
        if (text.EndsWith("_policy"u8) || text.EndsWith("policy_violation"u8)) return OutcomeClass.Safety;
        return text.StartsWith("invalid_"u8) || text.IndexOf("image"u8) >= 0 ? OutcomeClass.ErrorClient : null;
    }

    /// <summary>Tells whether a <c>type</c> or a <c>code</c> is the status of an overloaded server. By a name OpenAI tells of rate limits and quotas only.</summary>
    public static bool IsOverload(JsonKind kind, ReadOnlySpan<byte> text) => JsonAnswerReader.Count(kind, text) is 529;
}
