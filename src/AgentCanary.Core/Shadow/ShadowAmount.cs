namespace AgentCanary.Shadow;

/// <summary>How much of one thing, tokens or money, a shadow took in an hour, as far as its answers said. Immutable and thread-safe.</summary>
/// <param name="Sum">What was said, together.</param>
/// <param name="Known">How many answers said it.</param>
/// <param name="IsMissing">Whether an answer that had to say it did not.</param>
public readonly record struct ShadowAmount(double Sum, long Known, bool IsMissing)
{
    /// <summary>
    /// Tells whether one more request may be too much. What was sent and has said nothing, because it runs or failed, counts as much as those did on average that said
    /// something; so does the one more.
    /// </summary>
    /// <param name="limit">The limit, or null for none.</param>
    /// <param name="requests">How many requests were sent in the hour.</param>
    public bool IsSpent(double? limit, long requests) =>
        limit is { } most && (Sum >= most || Sum + ((Math.Max(0, requests - Known) + 1) * Mean) > most);

    /// <summary>Adds what one answer says.</summary>
    /// <param name="said">What it took; null, negative or not finite where it does not say.</param>
    /// <param name="mustSay">Whether what it does not say is missing.</param>
    public ShadowAmount With(double? said, bool mustSay) =>
        said is { } amount && amount >= 0 && double.IsFinite(amount) ? this with { Sum = Sum + amount, Known = Known + 1 } : this with { IsMissing = IsMissing || mustSay };

    private double Mean => Known == 0 ? 0 : Sum / Known;
}
