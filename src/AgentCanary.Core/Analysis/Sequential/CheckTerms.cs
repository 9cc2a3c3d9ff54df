using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>How one check is tested: what is observed, and the lines of its rollback and of its promotions. Immutable and thread-safe.</summary>
public sealed record CheckTerms
{
    // The margins of promotion for leaving a stage below 5 %, below 25 %, below 50 %, and from 50 % on.
    private static readonly ImmutableArray<double> AutomaticMargins = [0.05, 0.02, 0.01, 0.005];

    // A promotion need not show less than three hundredths of a score's range.
    private const double LeastMargin = 0.03;

    private static readonly RateTerms WorseRate = new() { Line = new(0.001, 1.1), HalfLife = 50_000, Restarts = new() };

    /// <summary>Gets the check.</summary>
    public required Check Check { get; init; }

    /// <summary>Gets its tracks, whose evidence against the canary is one capital; promotions belong to the first.</summary>
    internal ImmutableArray<TrackTerms> Tracks { get; init; } = [];

    /// <summary>Gets the tests that tell how many times stable's rate the canary's is; null where they are not asked for, and where another check of the same answers has them.</summary>
    internal TrackTerms? Ratio { get; init; }

    /// <summary>Gets its share of the capital that a rollback is decided by: the sum of its tracks'.</summary>
    public double Share => Tracks.Sum(track => track.Share);

    /// <summary>Gets the tests that the canary is not worse.</summary>
    public ImmutableArray<TestTerms> Promotions => Tracks[0].Promotions;

    /// <summary>Gets the highest share of bad answers that an absolute check allows; of a mean, its share of the range.</summary>
    internal double Bound { get; init; }

    /// <summary>Gets whether scores or other values are judged by their mean, in hundredths of a range.</summary>
    public bool IsMean => Tracks[0].Measure is Measure.Mean;

    /// <summary>Gets whether nothing is observed before quantiles of stable are frozen.</summary>
    public bool NeedsCalibration => !Tracks[0].Measure.Quantiles.IsEmpty;

    /// <summary>Makes the terms of a check; null for rules that are no tests, and for checks without a sequential test.</summary>
    /// <param name="check">The check.</param>
    /// <param name="margin">The margin of every promotion of a rate, or null for the automatic ones.</param>
    /// <param name="checks">All checks of the rollout: they tell the range of a score.</param>
    public static CheckTerms? Of(Check check, double? margin, IEnumerable<Check> checks)
    {
        ArgumentNullException.ThrowIfNull(check);
        ArgumentNullException.ThrowIfNull(checks);
        if (check.Metric.Kind is MetricKind.SafetyViolations or MetricKind.Requests || !check.HasSequentialTest) return null;
        return check.Metric switch
        {
            { IsRate: true } => Rate(check, margin is { } own ? [own] : AutomaticMargins),
            { Quantile: > 0 } => Percentile(check),
            { Kind: MetricKind.Score } => Score(check, ScoreRange.Of(check, checks)),
            _ => Mean(check),
        };
    }

    /// <summary>Gets which promotion counts for leaving a stage of a weight.</summary>
    public int PromotionFor(Weight weight) => Math.Min(Promotions.Length - 1, weight.BasisPoints switch { < 500 => 0, < 2500 => 1, < 5000 => 2, _ => 3 });

    private static CheckTerms Rate(Check check, ImmutableArray<double> margins)
    {
        // A task that scored less than one half was not completed.
        Measure measure = check.Metric.ScoreName is { } name ? new Measure.Beyond(Quantity.Score(name), FixedPoint.OfScore(0.5), IsLowBad: true) : new Measure.Share(check.Metric.Kind is MetricKind.SuccessRate ? MetricKind.ErrorRate : check.Metric.Kind);
        var x = Math.Abs(check.Threshold);
        if (!check.Compares)
            return new() { Check = check, Bound = Inside(check.Metric.HigherIsBetter ? 1 - check.Threshold : check.Threshold), Tracks = [new() { Measure = measure }, Beside(measure, WorseRate)] };
        var line = check.Comparison is CheckComparison.Delta ? new Line(x, 1)
            // A good rate c ≥ (1 − x) · s − 0.001 is, on its failures, c ≤ (1 − x) · s + x + 0.001.
            : check.Metric.HigherIsBetter ? new Line(x + 0.001, Math.Max(0.01, 1 - x))
            : new Line(0.001, 1 + x);
        var promotions = margins.Select(margin => new RateTerms { Line = new(check.Comparison is CheckComparison.Delta ? Math.Max(x, margin) : margin, 1), Worse = false, HalfLife = 50_000 });
        return new() { Check = check, Tracks = [new() { Measure = measure, Rollback = new RateTerms { Line = line, HalfLife = 50_000, Restarts = new() }, Promotions = [.. promotions] }] };
    }

    // Two tracks: the share of answers beyond the percentile, and the whole distribution.
    private static CheckTerms Percentile(Check check)
    {
        var quantity = check.Metric.Kind is MetricKind.FirstContentQuantile ? Quantity.FirstContent : Quantity.Latency;
        var slow = 1 - check.Metric.Quantile;
        var milliseconds = (long)Math.Ceiling(check.Threshold * TimeSpan.TicksPerMillisecond);
        if (!check.Compares)
        {
            var beyond = new Measure.Beyond(quantity, milliseconds, IsLowBad: false);
            return new() { Check = check, Bound = Inside(slow), Tracks = [new() { Measure = beyond }, Beside(beyond, WorseRate)] };
        }
        var (factor, offset) = check.Comparison is CheckComparison.Relative ? (1 + check.Threshold, 0L) : (1, milliseconds);
        var prior = new RateTerms { PriorMean = slow, PriorCount = 200, HalfLife = 50_000 };
        return new()
        {
            Check = check,
            Tracks =
            [
                new()
                {
                    Measure = new Measure.Spread(quantity, [check.Metric.Quantile], factor, offset, Math.Max(1.25, factor)),
                    Rollback = prior with { Restarts = new() },
                    Promotions = [prior with { Worse = false }],
                },
                new() { Measure = new Measure.Spread(quantity, ShapeTest.Quantiles, factor, offset, factor), Rollback = new ShapeTerms { Restarts = new() } },
            ],
        };
    }

    private static CheckTerms Score(Check check, ScoreRange range)
    {
        var measure = new Measure.Mean(check.Compares ? Quantity.Adjusted(check.Metric.ScoreName!) : Quantity.Score(check.Metric.ScoreName!), FixedPoint.OfScore(range.Low), FixedPoint.OfScore(range.Width), IsLowBad: true);
        if (!check.Compares) return Absolute(check, measure, 1 - ((check.Threshold - range.Low) / range.Width));
        if (check.Comparison is CheckComparison.Delta)
        {
            var margin = Math.Abs(check.Threshold) / range.Width;
            return Compared(check, measure, new(margin), new(Math.Max(margin, LeastMargin), Worse: false));
        }
        // mean_c ≥ (1 − x) · mean_s, told on the range's own scale.
        var x = check.Threshold;
        var relative = new ScoreTerms(x * range.Low / range.Width) { Slope = 1 - x };
        return Compared(check, measure, relative, x * (range.Low + range.Width) / range.Width <= LeastMargin ? new(LeastMargin, Worse: false) : relative with { Worse = false });
    }

    // Cost, tokens and the mean latency: a larger value is worse, so the line of their shares of the cap is turned round.
    private static CheckTerms Mean(Check check)
    {
        var (quantity, unit) = check.Metric.Kind switch
        {
            MetricKind.MeanLatency => (Quantity.Latency, TimeSpan.TicksPerMillisecond),
            MetricKind.CostPerRequest => (Quantity.Cost, FixedPoint.Billionths),
            _ => (Quantity.Tokens, 1.0),
        };
        const double width = 4;
        if (!check.Compares) return Absolute(check, new(quantity, 0, (long)Math.Ceiling(width * check.Threshold * unit), IsLowBad: false), 1 / width);
        var lenient = Math.Max(0.25, check.Threshold);
        return Compared(check, new(quantity, 0, null, IsLowBad: false),
            new(check.Threshold) { Slope = 1 + check.Threshold }, new(lenient, Worse: false) { Slope = 1 + lenient });
    }

    private static CheckTerms Compared(Check check, Measure.Mean measure, ScoreTerms rollback, ScoreTerms promotion) =>
        new() { Check = check, Tracks = [new() { Measure = measure, Rollback = rollback with { Restarts = new() }, Promotions = [promotion] }] };

    // In the place of stable's mean stands the bound alone.
    private static CheckTerms Absolute(Check check, Measure.Mean measure, double bound) => new()
    {
        Check = check,
        Bound = bound,
        Tracks =
        [
            new()
            {
                Measure = measure,
                IsOneSample = true,
                Rollback = new ScoreTerms(bound - 1) { Slope = 0, Restarts = new() },
                Promotions = [new ScoreTerms(bound - 1, Worse: false) { Slope = 0 }],
            },
            Beside(measure, measure.IsLowBad ? new ScoreTerms(0.01) { Restarts = new() } : new ScoreTerms(0.1) { Slope = 1.1, Restarts = new() }),
        ],
    };

    private static TrackTerms Beside(Measure measure, TestTerms worse) => new() { Measure = measure, Rollback = worse, IsBeside = true };

    private static double Inside(double rate) => Math.Clamp(rate, 1e-6, 1 - 1e-6);
}
