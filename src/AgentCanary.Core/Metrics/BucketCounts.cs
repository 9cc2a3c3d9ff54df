using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>
/// Counts over fixed buckets, kept from the first to the last one that is not zero: equal counts have one form, and a narrow distribution
/// is small. Immutable and thread-safe.
/// </summary>
internal sealed class BucketCounts : IEquatable<BucketCounts>
{
    private BucketCounts(int first, ImmutableArray<long> counts)
    {
        First = first;
        Counts = counts;
        foreach (var count in counts) Total += count;
    }

    public static BucketCounts Empty { get; } = new(0, []);

    /// <summary>Gets the bucket that <see cref="Counts"/> begins with.</summary>
    public int First { get; }

    public ImmutableArray<long> Counts { get; }

    public long Total { get; }

    /// <summary>Gets the sum of all values' buckets.</summary>
    public long Moment
    {
        get
        {
            var sum = 0L;
            for (var i = 0; i < Counts.Length; i++) sum += Counts[i] * (First + i);
            return sum;
        }
    }

    public long this[int bucket] => bucket >= First && bucket < First + Counts.Length ? Counts[bucket - First] : 0;

    /// <summary>Makes counts from one cell a bucket, or a part of them.</summary>
    public static BucketCounts Of(ReadOnlySpan<long> cells, int first = 0)
    {
        var start = cells.IndexOfAnyExcept(0);
        return start < 0 ? Empty : new(first + start, [.. cells[start..(cells.LastIndexOfAnyExcept(0) + 1)]]);
    }

    public BucketCounts Plus(BucketCounts other) => other.Total == 0 ? this : Total == 0 ? other : Combine(other, 1);

    /// <summary>Takes away counts that are part of these.</summary>
    /// <exception cref="ArgumentException">Some bucket of <paramref name="other"/> holds more than this one.</exception>
    public BucketCounts Minus(BucketCounts other) => other.Total == 0 ? this : Combine(other, -1);

    /// <summary>Finds the bucket of the smallest value that at least the share <paramref name="q"/> of all does not exceed (nearest
    /// rank).</summary>
    public int? QuantileBucket(double q)
    {
        if (q is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(q), q, "A quantile is a fraction of 0 to 1, such as 0.95.");
        if (Total == 0) return null;
        var rank = Math.Max(1, (long)Math.Ceiling((q * Total) - (1e-12 * Total))); // 0.07 * 100 is a hair above 7
        for (var i = 0; i < Counts.Length; i++)
        {
            rank -= Counts[i];
            if (rank <= 0) return First + i;
        }
        return First + Counts.Length - 1;
    }

    public bool Equals(BucketCounts? other) =>
        other is not null && First == other.First && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as BucketCounts);

    public override int GetHashCode() => HashCode.Combine(First, Counts.Length, Total);

    private BucketCounts Combine(BucketCounts other, int sign)
    {
        var first = Total == 0 ? other.First : Math.Min(First, other.First);
        var cells = new long[Math.Max(First + Counts.Length, other.First + other.Counts.Length) - first];
        for (var i = 0; i < cells.Length; i++)
        {
            cells[i] = this[first + i] + (sign * other[first + i]);
            if (cells[i] >= 0) continue;
            var counts = $"Bucket {first + i} has {this[first + i]} values, fewer than the {other[first + i]} to take away";
            throw new ArgumentException($"{counts}: subtract an earlier snapshot of the same histogram.", nameof(other));
        }
        return Of(cells, first);
    }
}
