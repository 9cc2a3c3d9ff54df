using System.Collections.Immutable;
using System.Numerics;

namespace AgentCanary.Metrics;

/// <summary>
/// Latencies of answers in 38 fixed buckets, two an octave from 1.024 ms to 268 s, one below and one above: what a tick keeps, so that a
/// cut can be chosen later from merged ticks and be counted exactly. The edges are edges of <see cref="LatencySnapshot"/> too. Immutable
/// and thread-safe; equal by value.
/// </summary>
public sealed class CoarseHistogram : IEquatable<CoarseHistogram>
{
    internal const int Buckets = 2 + (2 * (LastOctave - FirstOctave));

    private const int FirstOctave = 10;
    private const int LastOctave = 28;
    private const int HalfNumerator = 23; // 23/16 is the edge of the fine histogram next to the square root of two

    internal CoarseHistogram(BucketCounts counts) => Counts = counts;

    /// <summary>Gets a histogram without values.</summary>
    public static CoarseHistogram Empty { get; } = new(BucketCounts.Empty);

    /// <summary>Gets the edges between the buckets, rising: bucket i holds values of at least edge i − 1 and below edge i.</summary>
    public static ImmutableArray<TimeSpan> Edges { get; } = [.. Enumerable.Range(0, Buckets - 1).Select(EdgeOf)];

    /// <summary>Gets how many values were counted.</summary>
    public long Count => Counts.Total;

    internal BucketCounts Counts { get; }

    /// <summary>Gets the number of values in a bucket, 0 to <see cref="Edges"/>' length.</summary>
    public long this[int bucket] => Counts[bucket];

    /// <summary>Finds the first edge that is not below a latency.</summary>
    /// <returns>The place in <see cref="Edges"/>, or the last one when all are below.</returns>
    public static int EdgeAtOrAbove(TimeSpan latency)
    {
        var place = Edges.BinarySearch(latency);
        return Math.Min(place >= 0 ? place : ~place, Edges.Length - 1);
    }

    /// <summary>Counts the values at or above an edge, exactly.</summary>
    /// <param name="edge">The place in <see cref="Edges"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such edge.</exception>
    public long AtOrAbove(int edge)
    {
        if (edge < 0 || edge >= Edges.Length)
            throw new ArgumentOutOfRangeException(nameof(edge), edge, $"An edge is 0 to {Edges.Length - 1}: find it by EdgeAtOrAbove.");
        var sum = 0L;
        for (var bucket = edge + 1; bucket < Buckets; bucket++) sum += Counts[bucket];
        return sum;
    }

    /// <summary>Finds the edge that at least the share <paramref name="q"/> of all values stays below: a quantile rounded up, by at most 44
    /// %.</summary>
    /// <param name="q">A fraction, 0 to 1.</param>
    /// <returns>The place in <see cref="Edges"/> (the last one for values above all edges), or null without values.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is outside 0 to 1 or not a number.</exception>
    public int? QuantileEdge(double q) => Counts.QuantileBucket(q) is { } bucket ? Math.Min(bucket, Edges.Length - 1) : null;

    /// <summary>Adds the values of another histogram. Associative and commutative to the bit.</summary>
    public CoarseHistogram Plus(CoarseHistogram other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Count == 0 ? this : Count == 0 ? other : new(Counts.Plus(other.Counts));
    }

    /// <inheritdoc/>
    public bool Equals(CoarseHistogram? other) => other is not null && Counts.Equals(other.Counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CoarseHistogram);

    /// <inheritdoc/>
    public override int GetHashCode() => Counts.GetHashCode();

    internal static int BucketOf(TimeSpan latency)
    {
        var micros = (ulong)latency.Ticks / TimeSpan.TicksPerMicrosecond;
        if (micros < 1UL << FirstOctave) return 0;
        if (micros >= 1UL << LastOctave) return Buckets - 1;
        var octave = BitOperations.Log2(micros);
        return 1 + (2 * (octave - FirstOctave)) + (micros >> (octave - 4) >= HalfNumerator ? 1 : 0);
    }

    private static TimeSpan EdgeOf(int edge) =>
        TimeSpan.FromMicroseconds((edge % 2 == 0 ? 16L : HalfNumerator) << (FirstOctave - 4 + (edge / 2)));
}
