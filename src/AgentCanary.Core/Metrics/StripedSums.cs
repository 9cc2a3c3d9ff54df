namespace AgentCanary.Metrics;

/// <summary>64-bit sums with one copy a stripe, padded like <see cref="StripedCounts"/>. Adding is one interlocked add.</summary>
internal sealed class StripedSums
{
    private const int Padding = 128 / sizeof(long);

    private readonly long[] _cells;
    private readonly int _stride;
    private readonly int _stripes;

    public StripedSums(int length, int stripes)
    {
        // At least 128 bytes from the last cell of a stripe to the first of the next: lines are fetched in pairs.
        _stride = (length + (2 * Padding) - 2) / Padding * Padding;
        _stripes = stripes;
        _cells = new long[Padding + (stripes * _stride)];
    }

    public int Stripes => _stripes;

    public void Add(int stripe, int index, long amount) => Interlocked.Add(ref _cells[Padding + (stripe * _stride) + index], amount);

    public long Read(int index)
    {
        var sum = 0L;
        for (var stripe = 0; stripe < _stripes; stripe++) sum += Volatile.Read(ref _cells[Padding + (stripe * _stride) + index]);
        return sum;
    }

    /// <summary>Empties one cell and gives what was in it. No add is lost or taken twice.</summary>
    public long Drain(int stripe, int index)
    {
        ref var cell = ref _cells[Padding + (stripe * _stride) + index];
        return Volatile.Read(ref cell) == 0 ? 0 : Interlocked.Exchange(ref cell, 0);
    }
}
