using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>How one check is tested: the lines of its rollback and of its promotions. Immutable and thread-safe.</summary>
public sealed record CheckTerms
{
    // The margins of promotion for leaving a stage below 5 %, below 25 %, below 50 %, and from 50 % on.
    private static readonly ImmutableArray<double> AutomaticMargins = [0.05, 0.02, 0.01, 0.005];

    /// <summary>Gets the check.</summary>
    public required Check Check { get; init; }

    /// <summary>Gets its share of the capital that a rollback is decided by; all shares are 1 in sum.</summary>
    public double Share { get; init; }

    /// <summary>Gets the test of a comparing check that the canary is worse; null for an absolute one.</summary>
    public RateTerms? Rollback { get; init; }

    /// <summary>Gets the tests that the canary is not worse, one for each margin; all run from the start.</summary>
    public ImmutableArray<RateTerms> Promotions { get; init; } = [];

    /// <summary>Gets how much slower than stable's quantile a canary answer may be before it counts as slow; 0 for rates.</summary>
    public double SlowFactor { get; init; }

    /// <summary>Gets the same factor for a promotion.</summary>
    public double PromotionSlowFactor { get; init; }

    /// <summary>Makes the terms of a check; null for rules that are no tests, and for checks without a sequential test.</summary>
    /// <param name="check">The check.</param>
    /// <param name="margin">The margin of every promotion, or null for the automatic ones.</param>
    public static CheckTerms? Of(Check check, double? margin)
    {
        ArgumentNullException.ThrowIfNull(check);
        if (check.Metric.Kind is MetricKind.SafetyViolations or MetricKind.Requests || !check.HasSequentialTest) return null;
        if (!check.Compares) return new() { Check = check };
        return check.Metric.IsDuration ? Latency(check) : Rate(check, margin is { } own ? [own] : AutomaticMargins);
    }

    /// <summary>Gets which promotion counts for leaving a stage of a weight.</summary>
    public int PromotionFor(Weight weight) => Math.Min(Promotions.Length - 1, weight.BasisPoints switch { < 500 => 0, < 2500 => 1, < 5000 => 2, _ => 3 });

    private static CheckTerms Rate(Check check, ImmutableArray<double> margins)
    {
        var x = Math.Abs(check.Threshold);
        var line = check.Comparison is CheckComparison.Delta ? new Line(x, 1)
            // A good rate c ≥ (1 − x) · s − 0.001 is, on its failures, c ≤ (1 − x) · s + x + 0.001.
            : check.Metric.HigherIsBetter ? new Line(x + 0.001, Math.Max(0.01, 1 - x))
            : new Line(0.001, 1 + x);
        return new()
        {
            Check = check,
            Rollback = new() { Line = line, HalfLife = 50_000, Restarts = new() },
            Promotions = [.. margins.Select(margin => new RateTerms
            {
                Line = new(check.Comparison is CheckComparison.Delta ? Math.Max(x, margin) : margin, 1),
                Worse = false,
                HalfLife = 50_000,
            })],
        };
    }

    private static CheckTerms Latency(Check check)
    {
        var slow = 1 - check.Metric.Quantile;
        var factor = check.Comparison is CheckComparison.Relative ? 1 + check.Threshold : 1;
        return new()
        {
            Check = check,
            Rollback = new() { PriorMean = slow, PriorCount = 200, HalfLife = 50_000, Restarts = new() },
            Promotions = [new() { Worse = false, Line = Line.Equal, PriorMean = slow, PriorCount = 200, HalfLife = 50_000 }],
            SlowFactor = factor,
            PromotionSlowFactor = Math.Max(1.25, factor),
        };
    }
}
