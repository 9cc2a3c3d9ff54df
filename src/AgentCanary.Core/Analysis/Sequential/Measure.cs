using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>How a test reads its observations from a tick: a closed set of ways. Immutable and thread-safe; equal by value.</summary>
internal abstract record Measure
{
    // A mean is cut off at so many times stable's frozen 99.5th percentile.
    private const int Cap = 2;
    private const double CapQuantile = 0.995;
    private const int Hundred = 100;

    private Measure()
    {
    }

    /// <summary>Gets the quantity that is counted by bins; null where the outcome classes are counted.</summary>
    public virtual string? Quantity => null;

    /// <summary>Gets the quantiles of stable that must be frozen before.</summary>
    public virtual ImmutableArray<double> Quantiles => [];

    /// <summary>Finds the cuts of an arm; null while they are not known.</summary>
    public virtual long[]? Cuts(FrozenCuts frozen, Arm arm, bool isPromotion) => [];

    /// <summary>Reads a tick; null where it was counted by other cuts, or before there were any. Whether it was is settled before its first request.</summary>
    public virtual Observed? Of(TickTally tick, FrozenCuts frozen)
    {
        if (Cuts(frozen, Arm.Control, false) is not { } stable || Cuts(frozen, Arm.Canary, false) is not { } canary || Cuts(frozen, Arm.Canary, true) is not { } lenient) return null;
        var (stableBins, canaryBins) = (tick.ControlBins[Quantity!], tick.CanaryBins[Quantity!]);
        if (stableBins is { Bins: var controls } && !controls.Have(stable)) return null;
        if (canaryBins is { Bins: var canaries } && !(canaries.Have(canary) && canaries.Have(lenient))) return null;
        var strict = Places(canaryBins, canary);
        return new(Places(stableBins, stable), strict, canary.AsSpan().SequenceEqual(lenient) ? strict : Places(canaryBins, lenient));
    }

    private protected virtual BucketCounts Places(BinCounts? counts, long[] cuts) => counts?.Over(cuts) ?? BucketCounts.Empty;

    /// <summary>The share of bad outcomes.</summary>
    public sealed record Share(MetricKind Kind) : Measure
    {
        public override Observed Of(TickTally tick, FrozenCuts frozen) => Observed.Of(Counts(tick.Control), Counts(tick.Canary));

        private BucketCounts Counts(MetricWindow window)
        {
            var (bad, all) = Kind switch
            {
                MetricKind.RefusalRate => (window[OutcomeClass.Refusal], window.Counted),
                MetricKind.TruncationRate => (window[OutcomeClass.Truncated], window.Counted),
                MetricKind.ToolErrorRate => (window[OutcomeClass.ToolError], window.Counted),
                MetricKind.StreamBreakRate => (window[OutcomeClass.StreamBroken], window.Counted),
                MetricKind.RateLimitedRate => (window[OutcomeClass.RateLimited], window.Finished),
                _ => (window.Failed, window.Counted),
            };
            return BucketCounts.Of([all - bad, bad]);
        }
    }

    /// <summary>The share of values at or above a cut, or below it.</summary>
    public sealed record Beyond(string Counted, long Cut, bool IsLowBad) : Measure
    {
        public override string Quantity => Counted;

        public override long[] Cuts(FrozenCuts frozen, Arm arm, bool isPromotion) => [Cut];

        private protected override BucketCounts Places(BinCounts? counts, long[] cuts) =>
            base.Places(counts, cuts) is var places && IsLowBad ? BucketCounts.Of([places[1], places[0]]) : places;
    }

    /// <summary>The values between stable's frozen quantiles; the canary's are cut at the quantiles times a factor, plus an offset.</summary>
    public sealed record Spread(string Counted, ImmutableArray<double> At, double Factor, long Offset, double PromotionFactor) : Measure
    {
        public override string Quantity => Counted;

        public override ImmutableArray<double> Quantiles => At;

        public override long[]? Cuts(FrozenCuts frozen, Arm arm, bool isPromotion)
        {
            var cuts = new long[At.Length];
            for (var i = 0; i < cuts.Length; i++)
            {
                if (frozen.Find(Counted, At[i]) is not { } cut) return null;
                cuts[i] = arm is not Arm.Canary ? cut : Math.Max((long)Math.Ceiling(cut * Factor) + Offset, isPromotion ? (long)Math.Ceiling(cut * PromotionFactor) : 0);
            }
            return cuts;
        }

        public bool Equals(Spread? other) => other is not null && At.AsSpan().SequenceEqual(other.At.AsSpan())
            && (Counted, Factor, Offset, PromotionFactor) == (other.Counted, other.Factor, other.Offset, other.PromotionFactor);

        public override int GetHashCode() => HashCode.Combine(Counted, Factor, Offset, At.Length);
    }

    /// <summary>The mean: values rounded to a hundredth of a range, and to its ends where they lie outside. Without a range it ends at twice stable's frozen 99.5th percentile.</summary>
    public sealed record Mean(string Counted, long Low, long? Width, bool IsLowBad) : Measure
    {
        public override string Quantity => Counted;

        public override ImmutableArray<double> Quantiles => Width is null ? [CapQuantile] : [];

        public override long[]? Cuts(FrozenCuts frozen, Arm arm, bool isPromotion)
        {
            if ((Width ?? Cap * frozen.Find(Counted, CapQuantile)) is not { } width) return null;
            var cuts = new long[Hundred];
            for (var i = 0; i < cuts.Length; i++) cuts[i] = Low + (long)Math.Ceiling(((2 * i) + 1) * (double)width / (2 * Hundred));
            return cuts;
        }

        private protected override BucketCounts Places(BinCounts? counts, long[] cuts)
        {
            var places = base.Places(counts, cuts);
            if (!IsLowBad || places.Total == 0) return places;
            Span<long> turned = stackalloc long[Hundred + 1];
            for (var place = 0; place <= Hundred; place++) turned[place] = places[Hundred - place];
            return BucketCounts.Of(turned);
        }
    }
}
