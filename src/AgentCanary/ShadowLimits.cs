using AgentCanary.Shadow;

namespace AgentCanary;

/// <summary>
/// What one or several shadows may take together: a budget for each hour, and rests after a 429. Each process counts for itself and begins anew when it starts. Thread-safe.
/// </summary>
/// <param name="time">The clock; the system's where null.</param>
public sealed class ShadowLimits(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly long _origin = (time ?? TimeProvider.System).GetTimestamp();
    private volatile ShadowBudget _budget = new();
    private volatile ShadowUse _use = new();

    /// <summary>Gets or sets the budget: no limits unless set. A new one holds for the present hour, too.</summary>
    public ShadowBudget Budget
    {
        get => _budget;
        set => _budget = value ?? throw new ArgumentNullException(nameof(value), "A shadow without limits has a budget that names none: new ShadowBudget().");
    }

    /// <summary>Gets what was taken in the present hour.</summary>
    public ShadowUse Use => _use.At(Now);

    /// <summary>Gets why nothing is sent now and for how long still; null where the next request may be sent.</summary>
    public (ShadowStop Reason, TimeSpan For)? Stop
    {
        get
        {
            var (use, now) = (Use, Now);
            return use.Judge(_budget, now) is { } stop ? (stop, use.EndOf(stop) - now) : null;
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Sends nothing for a while, because a version answered 429. A rest is never shortened.</summary>
    /// <param name="retryAfter">What the answer asked for, taken as 1 s to 10 min; 30 s where it is null.</param>
    public void Rest(TimeSpan? retryAfter)
    {
        var use = _use;
        while (!TryChange(ref use, use.Resting(retryAfter, Now)))
        {
        }
    }

    /// <summary>Counts what an answer of the shadow's took.</summary>
    /// <param name="tokens">Its tokens in and out, or null where it does not say.</param>
    /// <param name="cost">What it cost, or null where nobody knows.</param>
    /// <param name="mustSay">Whether what is not known stops a shadow whose budget asks for it: so for whole answers, while one that failed is taken for an average one.</param>
    public void Took(long? tokens, double? cost, bool mustSay = true)
    {
        var use = _use;
        while (!TryChange(ref use, use.Took(tokens, cost, mustSay, Now)))
        {
        }
    }

    /// <summary>Takes one request out of the budget.</summary>
    /// <returns>Null where it may be sent; else why not.</returns>
    public ShadowStop? TrySend()
    {
        var (use, now) = (_use, Now);
        do
        {
            if (use.Judge(_budget, now) is { } stop) return stop;
        }
        while (!TryChange(ref use, use.Sent(now)));
        return null;
    }

    // Whoever loses a race reads what the winner left, and tries again.
    private bool TryChange(ref ShadowUse use, ShadowUse next)
    {
        var before = use;
        use = Interlocked.CompareExchange(ref _use, next, before);
        return ReferenceEquals(use, before);
    }
}
