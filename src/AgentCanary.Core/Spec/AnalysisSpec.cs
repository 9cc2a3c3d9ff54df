namespace AgentCanary.Spec;

/// <summary>How a verdict is reached.</summary>
public sealed record AnalysisSpec
{
    /// <summary>Gets the method: sequential tests unless set.</summary>
    public AnalysisMode Mode { get; init; } = AnalysisMode.Sequential;

    /// <summary>Gets the highest probability of a false rollback over the whole rollout: 0.01 unless set, above 0 and below 0.5.</summary>
    public double Alpha { get; init; } = 0.01;

    /// <summary>Gets the highest probability of a false promotion: 0.05 unless set, above 0 and below 0.5.</summary>
    public double Beta { get; init; } = 0.05;

    /// <summary>Gets whether a promotion must be proven (the default) or only observed.</summary>
    public bool PromotionObserved { get; init; }

    /// <summary>Gets the margin of a promotion as a fraction, or null for the automatic one of each weight.</summary>
    public double? Margin { get; init; }

    /// <summary>Gets whether a sticky key is one observation; otherwise each request is.</summary>
    public bool UnitIsKey { get; init; }

    /// <summary>Gets when a missing outcome counts as a failure: 120 s unless set, 1 s to 1 h.</summary>
    public TimeSpan OutcomeDeadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Gets how long a version's first requests are no evidence: 0 s unless set.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Gets the share of eligible users that is kept on stable at 100 %: none unless set.</summary>
    public Weight Holdback { get; init; }

    /// <summary>Gets after how many failed canary requests in a row the fast rule rolls back: 10 unless set, 0 for never.</summary>
    public int FastFailures { get; init; } = 10;
}
