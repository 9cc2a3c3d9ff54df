namespace AgentCanary;

/// <summary>The tokens of one answer, in every protocol counted alike: the parts that went through a cache are part of the input. Immutable and thread-safe.</summary>
/// <param name="Input">The tokens of the request, those from and into a cache included: 0 or more.</param>
/// <param name="Output">The tokens of the answer, those of reasoning included: 0 or more.</param>
public readonly record struct TokenUsage(long Input, long Output)
{
    /// <summary>Gets how many of the request's tokens were read from a cache: 0 unless set.</summary>
    public long Cached { get; init; }

    /// <summary>Gets how many of the request's tokens were written to a cache: 0 unless set.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Gets the tokens of both directions.</summary>
    public long Total => Input + Output;

    /// <summary>Gets the tokens of the request that no cache had to do with: never negative, whatever the answer says of its parts.</summary>
    public long Fresh => Math.Max(0, Input - Cached - CacheWrite);
}
