namespace AgentCanary.Benchmarks.Naive;

/// <summary>Metrics as one writes them at first: the last thousand outcomes behind a lock, sorted when a percentile is asked for.</summary>
internal sealed class LockedRing
{
    private const int Size = 1000;

    private readonly Lock _gate = new();
    private readonly double[] _latencies = new double[Size];
    private readonly bool[] _failed = new bool[Size];
    private long _next;

    public void Record(bool failed, double latencyMs)
    {
        lock (_gate)
        {
            var at = (int)(_next++ % Size);
            (_latencies[at], _failed[at]) = (latencyMs, failed);
        }
    }

    public (double ErrorRate, double P95) Read()
    {
        lock (_gate)
        {
            var count = (int)Math.Min(_next, Size);
            if (count == 0) return (0, 0);
            var sorted = _latencies.Take(count).Order().ToList();
            return (_failed.Take(count).Count(failed => failed) / (double)count, sorted[(int)(count * 0.95)]);
        }
    }
}
