namespace AgentCanary.Shadow;

/// <summary>
/// What a shadow took in the present hour, and until when it rests. An hour begins with the first request after the last one's end, so within any sixty minutes it may
/// take two hours' budgets at most. Times are of any clock that only goes forward. Immutable and thread-safe.
/// </summary>
public sealed record ShadowUse
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(10);

    // Twice as many as run at once at the gateway, so that what merely runs stops nothing there.
    private const int MostSilent = 8;

    /// <summary>Gets how long an hour is.</summary>
    public static TimeSpan Hour { get; } = TimeSpan.FromHours(1);

    /// <summary>Gets when the hour began, or null before the first request.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>Gets how many requests were sent in the hour.</summary>
    public long Requests { get; init; }

    /// <summary>Gets how many of them ended in the hour in a way that is known, whether or not that said what it took. The others run, or were given up.</summary>
    internal long Answered { get; init; }

    /// <summary>Gets the tokens that answers took in the hour.</summary>
    public ShadowAmount Tokens { get; init; }

    /// <summary>Gets what answers cost in the hour.</summary>
    public ShadowAmount Cost { get; init; }

    /// <summary>Gets until when nothing is sent because of a 429.</summary>
    public TimeSpan RestsUntil { get; init; }

    /// <summary>Tells why one more request must not be sent now.</summary>
    /// <returns>Null where it may.</returns>
    public ShadowStop? Judge(ShadowBudget budget, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(budget);
        var hour = At(now);
        return now < hour.RestsUntil ? ShadowStop.RateLimited
            : hour.Requests >= budget.Requests ? ShadowStop.Requests
            : budget.Tokens is not null && hour.IsUnknown(hour.Tokens) ? ShadowStop.UnknownTokens
            : budget.Cost is not null && hour.IsUnknown(hour.Cost) ? ShadowStop.UnknownCost
            : hour.Tokens.IsSpent(budget.Tokens, hour.Requests) ? ShadowStop.Tokens
            : hour.Cost.IsSpent(budget.Cost, hour.Requests) ? ShadowStop.Cost
            : null;
    }

    /// <summary>Tells when a stop ends.</summary>
    public TimeSpan EndOf(ShadowStop stop) => stop is ShadowStop.RateLimited || Since is null ? RestsUntil : Since.Value + Hour;

    /// <summary>Counts a request that is sent now.</summary>
    public ShadowUse Sent(TimeSpan now)
    {
        var hour = At(now);
        return hour with { Since = hour.Since ?? now, Requests = hour.Requests + 1 };
    }

    /// <summary>Counts what an answer took, in the hour in which it came.</summary>
    /// <param name="tokens">Its tokens in and out, or null where it does not say.</param>
    /// <param name="cost">What it cost, or null where nobody knows.</param>
    /// <param name="mustSay">Whether what is not known stops a shadow whose budget asks for it.</param>
    /// <param name="now">The present time.</param>
    public ShadowUse Took(long? tokens, double? cost, bool mustSay, TimeSpan now)
    {
        var hour = At(now);
        return hour with { Since = hour.Since ?? now, Answered = hour.Answered + 1, Tokens = hour.Tokens.With(tokens, mustSay), Cost = hour.Cost.With(cost, mustSay) };
    }

    /// <summary>Lets the shadow rest because of a 429. A rest is never shortened.</summary>
    /// <param name="retryAfter">What the answer asked for, taken as 1 s to 10 min; 30 s where it is null.</param>
    /// <param name="now">The present time.</param>
    public ShadowUse Resting(TimeSpan? retryAfter, TimeSpan now)
    {
        var until = now + (retryAfter is not { } asked ? Usual : asked < Least ? Least : asked > Most ? Most : asked);
        return until > RestsUntil ? this with { RestsUntil = until } : this;
    }

    /// <summary>Gets what holds at a time: nothing of an hour that is over but the rest.</summary>
    public ShadowUse At(TimeSpan now) => Since is { } since && now - since >= Hour ? new() { RestsUntil = RestsUntil } : this;

    // Where nothing has said what it took, what was given up would count for nothing, however much that is.
    private bool IsUnknown(ShadowAmount amount) => amount.IsMissing || (amount.Known == 0 && Requests - Answered >= MostSilent);
}
