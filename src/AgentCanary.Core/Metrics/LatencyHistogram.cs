namespace AgentCanary.Metrics;

/// <summary>
/// Counts latencies in the buckets of <see cref="LatencySnapshot"/>. <see cref="Record"/> is thread-safe, takes no lock, allocates nothing
/// and is one interlocked add: a cell holds a count in its low 29 bits and, above, the steps (64ths of the bucket) of its values, from
/// which the mean is made. <see cref="Snapshot"/> empties the cells into 64-bit totals, so take one at least every 500 million values; it
/// is thread-safe too.
/// </summary>
public sealed class LatencyHistogram
{
    private const int CountBits = 29;

    private readonly StripedSums _cells;
    private readonly int _mask;
    private readonly Lock _draining = new();
    private LatencySnapshot _drained = LatencySnapshot.Empty;

    /// <summary>Makes an empty histogram of about 3.5 KB a stripe.</summary>
    /// <param name="stripeCount">How many threads write at once without disturbing each other: 2 unless set, rounded up to a power of two,
    /// 1 to 64.</param>
    public LatencyHistogram(int stripeCount = 2)
    {
        _cells = new(LatencyBuckets.Count, Stripe.Round(stripeCount));
        _mask = _cells.Stripes - 1;
    }

    /// <summary>Counts one latency.</summary>
    /// <returns>False for a negative one, which is not counted.</returns>
    public bool Record(TimeSpan latency)
    {
        if (latency < TimeSpan.Zero) return false;
        Add(Stripe.Mine & _mask, latency);
        return true;
    }

    /// <summary>Gets all that was counted so far. A value that is recorded meanwhile is in this snapshot or in the next one, never in none
    /// and never halved.</summary>
    public LatencySnapshot Snapshot()
    {
        lock (_draining) return _drained = _drained.Plus(Drain());
    }

    internal void Add(int stripe, TimeSpan latency)
    {
        var bucket = LatencyBuckets.Locate(latency, out var step);
        _cells.Add(stripe, bucket, 1 + ((long)step << CountBits));
    }

    private LatencySnapshot Drain()
    {
        Span<long> counts = stackalloc long[LatencyBuckets.Count];
        counts.Clear();
        var sum = 0L;
        for (var stripe = 0; stripe < _cells.Stripes; stripe++)
        {
            for (var bucket = 0; bucket < counts.Length; bucket++)
            {
                var cell = _cells.Drain(stripe, bucket);
                if (cell == 0) continue;
                var count = cell & ((1L << CountBits) - 1);
                counts[bucket] += count;
                sum += LatencyBuckets.Sum(bucket, count, cell >>> CountBits);
            }
        }
        var drained = BucketCounts.Of(counts);
        return drained.Total == 0 ? LatencySnapshot.Empty : new(drained, sum);
    }
}
