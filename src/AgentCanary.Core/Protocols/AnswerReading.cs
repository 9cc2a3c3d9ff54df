namespace AgentCanary.Protocols;

/// <summary>What an answer meant. Immutable and thread-safe.</summary>
public readonly record struct AnswerReading
{
    /// <summary>Gets how the call ended.</summary>
    public OutcomeClass Class { get; init; }

    /// <summary>Gets all that was seen of it, such as a refusal in an answer that was truncated too.</summary>
    public OutcomeSet Seen { get; init; }

    /// <summary>Gets whether there was content, as opposed to headers, roles and keep-alives.</summary>
    public bool HasContent { get; init; }

    /// <summary>Gets the tokens of the request, cached ones included; null where the answer does not say, else not negative.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the tokens of the answer, all of them; null where the answer does not say, else not negative.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets how many of the request's tokens came from a cache; null where the answer does not say, else not negative.</summary>
    public long? CachedTokens { get; init; }

    /// <summary>Gets how many of the request's tokens were written to a cache; null where the answer does not say, else not negative.</summary>
    public long? CacheWriteTokens { get; init; }

    /// <summary>Gets how many tool calls failed.</summary>
    public int ToolFailures { get; init; }

    /// <summary>Gets the model that served, as the answer names it, or null.</summary>
    public string? Model { get; init; }

    /// <summary>Gets whether the answer says that the agent is overloaded, which another one need not be: a rate limit or a quota is shared.</summary>
    public bool IsOverloaded { get; init; }

    /// <summary>Gets the task that the answer says has ended, or null. A task is named by many an answer, and ends with one.</summary>
    public string? EndedTask { get; init; }

    /// <summary>Gets the tokens of the call; null where not both directions are known: half of them is no figure.</summary>
    public TokenUsage? Usage => InputTokens is { } input && OutputTokens is { } output
        ? new(input, output) { Cached = CachedTokens ?? 0, CacheWrite = CacheWriteTokens ?? 0 }
        : null;
}
