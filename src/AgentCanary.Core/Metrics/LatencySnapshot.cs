namespace AgentCanary.Metrics;

/// <summary>
/// Latencies counted in logarithmic buckets, 16 an octave from 64 µs to 71.6 min. A bucket is at most 6.25 % of its values wide and is read
/// as its middle, so a quantile is within 3.2 % of the exact sample quantile inside that range. Immutable and thread-safe; equal by value.
/// </summary>
public sealed class LatencySnapshot : IEquatable<LatencySnapshot>
{
    internal LatencySnapshot(BucketCounts counts, long sum)
    {
        Counts = counts;
        Sum = sum;
    }

    /// <summary>Gets a histogram without values.</summary>
    public static LatencySnapshot Empty { get; } = new(BucketCounts.Empty, 0);

    /// <summary>Gets how many values were counted.</summary>
    public long Count => Counts.Total;

    /// <summary>Gets the mean, or null without values. It is kept apart from the buckets' middles and is within 0.05 % of the exact mean,
    /// plus 1 µs.</summary>
    public TimeSpan? Mean => Count == 0 ? null
        : TimeSpan.FromTicks((long)(Sum / LatencyBuckets.SumUnitsPerMicrosecond / Count * TimeSpan.TicksPerMicrosecond));

    internal BucketCounts Counts { get; }

    /// <summary>Gets the sum of all values in 1/32 µs.</summary>
    internal long Sum { get; }

    /// <summary>Finds the smallest value that at least the share <paramref name="q"/> of all does not exceed (nearest rank), within 3.2
    /// %.</summary>
    /// <param name="q">A fraction, 0 to 1, such as 0.95.</param>
    /// <returns>The value, or null without values. Above 71.6 min the answer is 71.6 min.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The fraction is outside 0 to 1 or not a number.</exception>
    public TimeSpan? Quantile(double q) => Counts.QuantileBucket(q) is { } bucket ? LatencyBuckets.Middle(bucket) : null;

    /// <summary>Adds the values of another histogram. Associative and commutative to the bit.</summary>
    public LatencySnapshot Plus(LatencySnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Count == 0 ? this : Count == 0 ? other : new(Counts.Plus(other.Counts), Sum + other.Sum);
    }

    /// <summary>Takes away an earlier snapshot of the same histogram: what is left came after it.</summary>
    /// <exception cref="ArgumentException">The other one holds values that this one does not.</exception>
    public LatencySnapshot Minus(LatencySnapshot other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return other.Count == 0 ? this : new(Counts.Minus(other.Counts), Sum - other.Sum);
    }

    /// <inheritdoc/>
    public bool Equals(LatencySnapshot? other) => other is not null && Sum == other.Sum && Counts.Equals(other.Counts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as LatencySnapshot);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Counts, Sum);
}
