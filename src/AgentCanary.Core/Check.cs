namespace AgentCanary;

/// <summary>One rule on one metric, such as <c>error_rate_increase &lt; 0.10</c>. Immutable and thread-safe.</summary>
public sealed record Check
{
    /// <summary>Gets the rule as a person wrote it, blanks normalised.</summary>
    public required string Text { get; init; }

    /// <summary>Gets what is measured.</summary>
    public required Metric Metric { get; init; }

    /// <summary>Gets whether the canary's own value is judged, or its change against control.</summary>
    public CheckComparison Comparison { get; init; }

    /// <summary>Gets the operator.</summary>
    public CheckOperator Operator { get; init; }

    /// <summary>Gets the threshold: a fraction for rates and relative changes, milliseconds for durations, a plain number otherwise. Finite.</summary>
    public double Threshold { get; init; }

    /// <summary>Gets what a failure does: roll back unless set.</summary>
    public OnFail OnFail { get; init; }

    /// <summary>Gets what the check says without data: no verdict unless set.</summary>
    public NoData NoData { get; init; }

    /// <summary>Gets the highest rate of safety violations that the promotion must exclude, or null where no violation in the minimum requests is enough.</summary>
    public double? MaxRate { get; init; }

    /// <summary>Gets whether control is needed.</summary>
    public bool Compares => Comparison is not CheckComparison.Own;

    /// <summary>Gets whether one breach rolls back at once, from every phase.</summary>
    public bool IsZeroTolerance => Metric.Kind is MetricKind.SafetyViolations && Comparison is CheckComparison.Own && OnFail is OnFail.RollBack
        && (Operator is CheckOperator.Equal or CheckOperator.LessOrEqual ? Threshold == 0 : Operator is CheckOperator.Less && Threshold is > 0 and <= 1);

    /// <summary>
    /// Gets whether a sequential test exists for the check: for every metric where the check bounds it on its bad side, which is below for scores and good rates and
    /// above for all else. Cost, tokens and mean latency have none for <c>_delta</c>: their range is known relative to stable only; and <c>shadow_agreement</c> has no control.
    /// </summary>
    public bool HasSequentialTest => Metric.Kind switch
    {
        MetricKind.SafetyViolations or MetricKind.Requests => true,
        MetricKind.ShadowAgreement when Comparison is not CheckComparison.Own => false,
        MetricKind.MeanLatency or MetricKind.TokensPerRequest or MetricKind.CostPerRequest when Comparison is CheckComparison.Delta => false,
        _ => Comparison switch
        {
            CheckComparison.Relative => IsUpperBound && Threshold >= 0 && !(Metric.ScoreName is not null && Threshold >= 1),
            CheckComparison.Delta => Metric.HigherIsBetter ? IsLowerBound && Threshold <= 0 : IsUpperBound && Threshold >= 0,
            _ => (Metric.HigherIsBetter ? IsLowerBound : IsUpperBound) && (Metric.IsRate || Threshold > 0) && (Metric.ScoreName is null || Metric.IsRate || Threshold is < 1 or > 1 and < 5),
        },
    };

    private bool IsUpperBound => Operator is CheckOperator.Less or CheckOperator.LessOrEqual;

    private bool IsLowerBound => Operator is CheckOperator.Greater or CheckOperator.GreaterOrEqual;

    /// <summary>Reads a rule: <c>METRIC[_increase|_regression|_delta] OPERATOR NUMBER[UNIT]</c>.</summary>
    /// <exception cref="FormatException">The text is not of that form; the message says what would be right.</exception>
    public static Check Parse(string text) => TryParse(text, out var check, out var fault) ? check : throw new FormatException(fault);

    /// <summary>Reads a rule without throwing.</summary>
    /// <param name="text">The rule.</param>
    /// <param name="check">The check; null where the text is refused.</param>
    /// <param name="fault">What is wrong and what would be right; null where the text is accepted.</param>
    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Check? check, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out string? fault)
    {
        (check, fault) = CheckGrammar.Read(text);
        return check is not null;
    }
}
