namespace AgentCanary.Protocols;

/// <summary>A set of outcome classes. Empty unless set; immutable and thread-safe.</summary>
public readonly record struct OutcomeSet
{
    // Most telling first. A safety violation and a failure that the agent names stand above everything; of what an answer may be besides, the graver one.
    private static ReadOnlySpan<OutcomeClass> Order =>
    [
        OutcomeClass.Safety, OutcomeClass.ErrorUpstream, OutcomeClass.Timeout, OutcomeClass.RateLimited, OutcomeClass.ErrorClient, OutcomeClass.StreamBroken,
        OutcomeClass.Refusal, OutcomeClass.ToolError, OutcomeClass.Truncated, OutcomeClass.CanceledByClient, OutcomeClass.Abandoned, OutcomeClass.InputRequired,
    ];

    private readonly int _bits;

    private OutcomeSet(int bits) => _bits = bits;

    /// <summary>Gets the class that tells most; <see cref="OutcomeClass.Ok"/> where the set is empty.</summary>
    public OutcomeClass Gravest
    {
        get
        {
            foreach (var outcomeClass in Order)
                if (Has(outcomeClass)) return outcomeClass;
            return OutcomeClass.Ok;
        }
    }

    /// <summary>Gets whether a failure that the agent or its protocol names is in the set, or a safety violation.</summary>
    public bool HasError => Has(OutcomeClass.Safety) || Has(OutcomeClass.ErrorUpstream) || Has(OutcomeClass.Timeout) || Has(OutcomeClass.RateLimited)
        || Has(OutcomeClass.ErrorClient);

    /// <summary>Tells whether a class is in the set.</summary>
    public bool Has(OutcomeClass outcomeClass) => (_bits & 1 << (int)outcomeClass) != 0;

    /// <summary>Returns the set with a class in it.</summary>
    public OutcomeSet With(OutcomeClass outcomeClass) => new(_bits | 1 << (int)outcomeClass);
}
