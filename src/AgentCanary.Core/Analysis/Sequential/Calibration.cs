using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Stable's values of one quantity until its quantiles are frozen, and the frozen ones. A cut that is chosen from earlier ticks alone keeps every test exact, whatever it is. Immutable; equal by
/// value; a pure function of the ticks.
/// </summary>
/// <param name="Seen">Stable's values by the ladder's bins; empty once all is frozen.</param>
/// <param name="Frozen">Each quantile, rounded up to a cut of the ladder; 0 while it is open.</param>
internal sealed record Calibration(BucketCounts Seen, ImmutableArray<long> Frozen)
{
    /// <summary>Gets whether every quantile is frozen.</summary>
    public bool IsDone => !Frozen.Contains(0);

    /// <summary>Begins a calibration.</summary>
    public static Calibration Start(CalibrationTerms terms) => new(BucketCounts.Empty, [.. new long[terms.Quantiles.Length]]);

    /// <summary>Adds stable's values of a complete tick.</summary>
    public Calibration Add(CalibrationTerms terms, TickTally tick)
    {
        if (IsDone || tick.ControlBins[terms.Quantity] is not { } values || !values.Bins.Have(terms.Ladder.Cuts)) return this;
        // The topmost bin holds the failures: they are no values.
        var seen = Seen.Plus(WithoutTop(values.Over(terms.Ladder.Cuts), terms.Ladder.Count - 1));
        ImmutableArray<long> frozen = [.. terms.Quantiles.Select((quantile, i) => Frozen[i] > 0 || seen.Total < CalibrationTerms.Needed(quantile) ? Frozen[i] : terms.Ladder.Cuts[seen.QuantileBucket(quantile)!.Value])];
        return frozen.Contains(0) ? new(seen, frozen) : new(BucketCounts.Empty, frozen);
    }

    public bool Equals(Calibration? other) => other is not null && Seen.Equals(other.Seen) && Frozen.AsSpan().SequenceEqual(other.Frozen.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Seen, Frozen.Length);

    private static BucketCounts WithoutTop(BucketCounts counts, int top) => counts[top] == 0 ? counts : counts.Minus(BucketCounts.Of([counts[top]], top));
}
