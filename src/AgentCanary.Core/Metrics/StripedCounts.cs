namespace AgentCanary.Metrics;

/// <summary>
/// Integer counters with one copy a stripe. 128 bytes lie before the first copy, so that writes never share a line with the array's length,
/// which every bounds check reads. Adding is one interlocked add.
/// </summary>
internal sealed class StripedCounts
{
    private const int Padding = 128 / sizeof(int);

    private readonly int[] _cells;
    private readonly int _stride;
    private readonly int _stripes;

    public StripedCounts(int length, int stripes)
    {
        _stride = stripes == 1 ? length : (length + 31) / 16 * 16; // whole lines, and one between the copies
        _stripes = stripes;
        _cells = new int[Padding + (stripes * _stride)];
    }

    public void Add(int stripe, int index, int amount = 1) => Interlocked.Add(ref _cells[Padding + (stripe * _stride) + index], amount);

    public long Read(int index)
    {
        var sum = 0L;
        for (var stripe = 0; stripe < _stripes; stripe++) sum += Volatile.Read(ref _cells[Padding + (stripe * _stride) + index]);
        return sum;
    }

    public void Read(int index, Span<long> into)
    {
        for (var i = 0; i < into.Length; i++) into[i] = Read(index + i);
    }
}
