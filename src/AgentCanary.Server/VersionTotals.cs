using System.Collections.Immutable;

namespace AgentCanary.Server;

/// <summary>The requests of one version since the process started. Thread-safe; counting takes no lock and allocates nothing.</summary>
/// <param name="agent">The agent's name.</param>
/// <param name="version">The version that answered.</param>
/// <param name="variant">Which of the two it is.</param>
public sealed class VersionTotals(string agent, string version, Variant variant)
{
    private readonly long[] _classes = new long[WireNames.OutcomeClasses.Length];
    private readonly long[] _latencies = new long[LatencyBounds.Length + 1];
    private long _started;
    private long _finished;
    private long _latencyTicks;
    private long _withoutPrice;
    private long _withoutUsage;

    /// <summary>Gets the upper bounds of the latency buckets in seconds; one bucket more takes the rest.</summary>
    public static ImmutableArray<double> LatencyBounds { get; } = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

    /// <summary>Gets the agent's name.</summary>
    public string Agent { get; } = agent;

    /// <summary>Gets the version that answered.</summary>
    public string Version { get; } = version;

    /// <summary>Gets which of the two it is.</summary>
    public Variant Variant { get; } = variant;

    /// <summary>Gets how many requests are under way. A racing read may be off by what moves meanwhile, never below 0.</summary>
    public long InFlight
    {
        get
        {
            var finished = Volatile.Read(ref _finished);
            return Math.Max(0, Volatile.Read(ref _started) - finished);
        }
    }

    /// <summary>Gets the latencies of all finished requests together.</summary>
    public TimeSpan LatencySum => new(Volatile.Read(ref _latencyTicks));

    /// <summary>Gets the answers without a cost although the rollout lists prices: their model is not among them.</summary>
    public long WithoutPrice => Volatile.Read(ref _withoutPrice);

    /// <summary>Gets the answers without a cost although the rollout lists prices: they did not tell their tokens.</summary>
    public long WithoutUsage => Volatile.Read(ref _withoutUsage);

    /// <summary>Counts a request that is sent to the version. Each one is finished once, whatever becomes of it.</summary>
    public void Started() => Interlocked.Increment(ref _started);

    /// <summary>Counts the end of a started request.</summary>
    /// <param name="outcome">How it ended.</param>
    /// <param name="latency">How long it took, 0 or more; what is negative counts as 0.</param>
    public void Finished(OutcomeClass outcome, TimeSpan latency)
    {
        var ticks = Math.Max(0, latency.Ticks);
        Interlocked.Increment(ref _classes[(int)outcome]);
        Interlocked.Increment(ref _latencies[BucketOf(ticks / (double)TimeSpan.TicksPerSecond)]);
        Interlocked.Add(ref _latencyTicks, ticks);
        Interlocked.Increment(ref _finished);
    }

    /// <summary>Counts an answer without a cost.</summary>
    /// <param name="hasUsage">Whether it told its tokens.</param>
    public void Unpriced(bool hasUsage) => Interlocked.Increment(ref hasUsage ? ref _withoutPrice : ref _withoutUsage);

    /// <summary>Gets how many finished requests ended so.</summary>
    public long Count(OutcomeClass outcome) => Volatile.Read(ref _classes[(int)outcome]);

    /// <summary>Gets how many finished requests fell into a bucket of <see cref="LatencyBounds"/>, not cumulated.</summary>
    /// <param name="bucket">0 to the number of bounds.</param>
    public long CountInBucket(int bucket) => Volatile.Read(ref _latencies[bucket]);

    private static int BucketOf(double seconds)
    {
        var bucket = 0;
        while (bucket < LatencyBounds.Length && seconds > LatencyBounds[bucket]) bucket++;
        return bucket;
    }
}
