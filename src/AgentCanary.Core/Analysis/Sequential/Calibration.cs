using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Stable's values of one quantity until its quantiles are frozen, and the frozen ones, watched from then on: where stable has become another one than it was then (a cold start, another hour), all
/// begins anew. A cut that is chosen from earlier ticks alone keeps every test exact, whatever it is. Immutable; equal by value; a pure function of the ticks.
/// </summary>
/// <param name="Seen">Stable's values by the ladder's bins; once all is frozen by the frozen cuts, since they were last watched.</param>
/// <param name="Frozen">Each quantile, rounded up to a cut of the ladder; 0 while it is open.</param>
/// <param name="Beyond">The share of the values that lay beyond each quantile when it was frozen; 0 while it is open.</param>
internal sealed record Calibration(BucketCounts Seen, ImmutableArray<long> Frozen, ImmutableArray<double> Beyond)
{
    // A smaller share comes of a few values, or of all being alike: it cannot fall, and what it rises from is this.
    private const double LeastShare = 0.01;

    // Odds that differ by more are no luck, and cost the tests most of their speed.
    private const double MostOdds = 8;

    /// <summary>Gets whether every quantile is frozen.</summary>
    public bool IsDone => !Frozen.Contains(0);

    /// <summary>Begins a calibration.</summary>
    public static Calibration Start(CalibrationTerms terms) => new(BucketCounts.Empty, [.. new long[terms.Quantiles.Length]], [.. new double[terms.Quantiles.Length]]);

    /// <summary>Adds stable's values of a complete tick.</summary>
    public Calibration Add(CalibrationTerms terms, TickTally tick)
    {
        if (tick.ControlBins[terms.Quantity] is not { } values) return this;
        ReadOnlySpan<long> cuts = IsDone ? [.. Frozen, terms.Ladder.Cuts[^1]] : terms.Ladder.Cuts;
        if (!values.Bins.Have(cuts)) return this;
        // The topmost bin holds the failures: they are no values.
        var seen = Seen.Plus(WithoutTop(values.Over(cuts), cuts.Length));
        return IsDone ? Watch(terms, seen) : Freeze(terms, seen);
    }

    public bool Equals(Calibration? other) => other is not null && Seen.Equals(other.Seen) && Frozen.AsSpan().SequenceEqual(other.Frozen.AsSpan()) && Beyond.AsSpan().SequenceEqual(other.Beyond.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Seen, Frozen.Length);

    private Calibration Freeze(CalibrationTerms terms, BucketCounts seen)
    {
        var (frozen, beyond) = (Frozen.ToBuilder(), Beyond.ToBuilder());
        for (var i = 0; i < frozen.Count; i++)
        {
            if (frozen[i] > 0 || seen.Total < CalibrationTerms.Needed(terms.Quantiles[i])) continue;
            var bucket = seen.QuantileBucket(terms.Quantiles[i])!.Value;
            (frozen[i], beyond[i]) = (terms.Ladder.Cuts[bucket], Share(seen, bucket));
        }
        return new(frozen.Contains(0) ? seen : BucketCounts.Empty, frozen.MoveToImmutable(), beyond.MoveToImmutable());
    }

    private Calibration Watch(CalibrationTerms terms, BucketCounts seen)
    {
        if (seen.Total < terms.Watched) return this with { Seen = seen };
        for (var i = 0; i < Frozen.Length; i++)
        {
            var (then, now) = (Beyond[i], Share(seen, i));
            if ((then >= LeastShare && Odds(now) * MostOdds < Odds(then)) || Odds(now) > MostOdds * Odds(Math.Max(LeastShare, then))) return Start(terms);
        }
        return this with { Seen = BucketCounts.Empty };
    }

    // Above a bin; half a value more on either side, so that it is never 0 or 1.
    private static double Share(BucketCounts seen, int bin)
    {
        var upTo = 0L;
        for (var i = seen.First; i <= bin; i++) upTo += seen[i];
        return (seen.Total - upTo + 0.5) / (seen.Total + 1);
    }

    private static double Odds(double share) => share / (1 - share);

    private static BucketCounts WithoutTop(BucketCounts counts, int top) => counts[top] == 0 ? counts : counts.Minus(BucketCounts.Of([counts[top]], top));
}
