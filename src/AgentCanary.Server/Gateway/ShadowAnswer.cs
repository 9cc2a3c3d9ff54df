namespace AgentCanary.Server.Gateway;

/// <summary>An answer of stable's or of the shadow's. Immutable.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body, or null where it cannot be compared: it is too long, or encoded.</param>
internal sealed record ShadowAnswer(int Status, ReadOnlyMemory<byte>? Body)
{
    /// <summary>Gets whether the status is one of success.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Gets how long the shadow asked to be left alone, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Gets the tokens that the answer took, or null where it does not say.</summary>
    public long? Tokens { get; init; }

    /// <summary>Gets what the answer cost, or null where nobody knows.</summary>
    public double? Cost { get; init; }
}
