using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>One finished call. Every member has a safe default, so name only what is known. Immutable and thread-safe.</summary>
public readonly record struct Outcome
{
    /// <summary>Gets how the call ended: <see cref="OutcomeClass.Ok"/> unless set.</summary>
    public OutcomeClass Class { get; init; }

    /// <summary>Gets how long the call took, from its start to its end, or null where it is not known, which is never 0. A negative value is refused and counted.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Gets the time to the first content, or null where it is not known. A negative value is refused and counted.</summary>
    public TimeSpan? FirstContent { get; init; }

    /// <summary>Gets the tokens used, in and out, or null where they are not known. A negative value is refused and counted.</summary>
    public long? Tokens { get; init; }

    /// <summary>Gets the cost in the currency of the <see cref="PriceTable"/>, or null where it is not known, which is never 0. A negative or non-finite value is refused and counted.</summary>
    public double? Cost { get; init; }

    /// <summary>Gets the model that served, as the answer names it; null where none is known to have served, and empty where one has and no single name is known.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the number of confirmed safety violations, besides the one that <see cref="OutcomeClass.Safety"/> itself stands for.</summary>
    public int SafetyViolations { get; init; }

    /// <summary>Gets how many safety violations it stands for in all.</summary>
    public int Violations => SafetyViolations + (Class is OutcomeClass.Safety ? 1 : 0);

    /// <summary>Gets the quality figures that are known at once; none unless set. Non-finite values are refused and counted.</summary>
    public ImmutableArray<Score> Scores { get; init; }

    /// <summary>Gets whether a model answered and nobody knows what it cost. What no model is known to have answered has no cost, and none is missing.</summary>
    public bool IsUnpriced => Cost is null && IsModelAnswer;

    /// <summary>Gets whether a model answered and nobody knows with how many tokens.</summary>
    public bool IsUsageUnknown => Tokens is null && IsModelAnswer;

    /// <summary>Gets whether the agent failed at the transport or with a 5xx: what the fast rule counts.</summary>
    public bool IsHardFailure => Class is OutcomeClass.ErrorUpstream or OutcomeClass.Timeout or OutcomeClass.StreamBroken;

    private bool IsModelAnswer => Model is not null && Class is { IsCounted: true, IsFailure: false };
}
