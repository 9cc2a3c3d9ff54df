namespace AgentCanary;

/// <summary>What a shadow may take within an hour; null is no limit. Immutable and thread-safe.</summary>
public sealed record ShadowBudget
{
    /// <summary>Gets the budget of a rollout that names none: 1,000 requests.</summary>
    public static ShadowBudget Standard { get; } = new() { Requests = 1_000 };

    /// <summary>Gets how many requests it may be sent: no limit unless set, else 1 or more.</summary>
    public long? Requests { get; init; }

    /// <summary>Gets how many tokens its answers may take, in and out: no limit unless set, else 1 or more.</summary>
    public long? Tokens { get; init; }

    /// <summary>Gets what its answers may cost, in the currency of the price table: no limit unless set, else above 0.</summary>
    public double? Cost { get; init; }
}
