using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Planning;

/// <summary>Makes the sources of a rollout's tests from a baseline: the canary does as stable does, but for the share of its requests that fail. For one caller.</summary>
/// <param name="baseline">How stable does.</param>
/// <param name="canaryErrors">The share of canary requests that fail.</param>
internal sealed class Sources(Baseline baseline, double canaryErrors)
{
    /// <summary>The mean of a score that is assumed, as a share of its range.</summary>
    public const double AssumedScore = 0.8;

    /// <summary>The standard deviation of scores that is assumed, as a share of their range.</summary>
    public const double ScoreDeviation = 0.12;

    private readonly Dictionary<(Measure Measure, bool IsPromotion), Source?> _made = [];

    /// <summary>Finds the source of a track; null where the baseline lacks the figure that it needs.</summary>
    public Source? Of(TrackTerms track, bool isPromotion)
    {
        // Success and error rates count the same answers.
        var measure = track.Measure is Measure.Share { Kind: MetricKind.SuccessRate } ? new Measure.Share(MetricKind.ErrorRate) : track.Measure;
        if (!_made.TryGetValue((measure, isPromotion), out var source)) _made[(measure, isPromotion)] = source = Make(measure, isPromotion, track.IsOneSample);
        return source;
    }

    private Source? Make(Measure measure, bool isPromotion, bool isOneSample) => measure switch
    {
        Measure.Share(MetricKind.ErrorRate) => Source.Of(baseline.ErrorRate, canaryErrors),
        Measure.Share(var kind) => Equal(baseline.BadRate(kind)),
        Measure.Beyond { IsLowBad: true } => Equal(1 - (baseline.Score(measure.Quantity!) ?? AssumedScore)),
        Measure.Mean { IsLowBad: true } score => Cut(measure, isPromotion, isOneSample, cut => Numerics.Phi((Place(score, cut) - Mean(score)) / ScoreDeviation)),
        _ when Shape(measure) is { } shape => Cut(measure, isPromotion, isOneSample, cut => 1 - shape.AtLeast(cut), shape),
        _ => null,
    };

    private double Mean(Measure.Mean score) => baseline.Score(score.Counted) is { } mean ? Place(score, mean * FixedPoint.Millionths) : AssumedScore;

    private static double Place(Measure.Mean score, double value) => (value - score.Low) / score.Width!.Value;

    private static Source Equal(double bad) => Source.Of(bad, bad);

    // In the whole numbers that ticks count. The cost and the tokens of stable are not needed to compare them with the canary's, only how they spread.
    private LatencyShape? Shape(Measure measure) => measure.Quantity switch
    {
        Quantity.Latency => baseline.Latency.Times(TimeSpan.TicksPerMillisecond),
        Quantity.FirstContent => baseline.FirstContent.Times(TimeSpan.TicksPerMillisecond),
        Quantity.Cost => baseline.Amount("cost_per_request", measure.Quantiles.IsEmpty)?.Times(FixedPoint.Billionths),
        _ => baseline.Amount("tokens_per_request", measure.Quantiles.IsEmpty),
    };

    private Source Cut(Measure measure, bool isPromotion, bool isOneSample, Func<long, double> below, LatencyShape? shape = null)
    {
        var frozen = Frozen(measure, shape);
        var isLowBad = measure is Measure.Mean { IsLowBad: true };
        var isFailureSlow = measure.Quantity is Quantity.Latency or Quantity.FirstContent;
        return new(
            Places(measure.Cuts(frozen, Arm.Control, false)!.Select(below), isLowBad, isFailureSlow ? baseline.ErrorRate : 0),
            Places(measure.Cuts(frozen, Arm.Canary, isPromotion)!.Select(below), isLowBad, isFailureSlow ? canaryErrors : 0))
        {
            StableBefore = measure.Quantiles.IsEmpty ? 0 : measure.Quantiles.Max(CalibrationTerms.Needed),
            IsOneSample = isOneSample,
        };
    }

    // Stable's quantiles, rounded up as they are when they are frozen.
    private static FrozenCuts Frozen(Measure measure, LatencyShape? shape)
    {
        if (shape is not { } known || measure.Quantiles.IsEmpty) return new([], []);
        var terms = new CalibrationTerms(measure.Quantity!, measure.Quantiles);
        return new([terms], [new(BucketCounts.Empty, [.. measure.Quantiles.Select(quantile => RoundedUp(terms.Ladder, known.Quantile(quantile)))], [.. measure.Quantiles.Select(quantile => 1 - quantile)])]);
    }

    private static long RoundedUp(Bins ladder, double value) => ladder.Cuts[Math.Min(ladder.Find((long)value), ladder.Cuts.Length - 1)];

    // The shares between the cuts; a failed answer is slower than all others.
    private static ImmutableArray<double> Places(IEnumerable<double> below, bool isLowBad, double failed)
    {
        double[] edges = [0, .. below, 1];
        var places = edges.Skip(1).Zip(edges, (upper, lower) => Math.Max(0, upper - lower) * (1 - failed)).ToArray();
        if (isLowBad) Array.Reverse(places);
        places[^1] += failed;
        return [.. places];
    }
}
