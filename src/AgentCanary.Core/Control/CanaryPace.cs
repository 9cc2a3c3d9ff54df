namespace AgentCanary.Control;

/// <summary>How many canary requests end in a second, over the last ten minutes: what a forecast is told in time by. One caller at a time.</summary>
internal sealed class CanaryPace
{
    // Fewer are chance.
    private const long Enough = 10;

    private readonly TimeSpan _tickPeriod;
    private readonly long _length;
    private readonly long _sliceLength;
    private readonly Queue<(long Tick, long Ended)> _slices = new();
    private (long Tick, long Ended) _before;
    private (long Tick, long Ended) _now;
    private long _slicedAt;

    public CanaryPace(long tick, TimeSpan tickPeriod)
    {
        (_tickPeriod, _before, _now, _slicedAt) = (tickPeriod, (tick, 0), (tick, 0), tick);
        long Ticks(double seconds) => Math.Max(1, TimeSpan.FromSeconds(seconds).Ticks / tickPeriod.Ticks);
        (_length, _sliceLength) = (Ticks(600), Ticks(10));
    }

    /// <summary>Gets requests a second, or null where fewer than ten ended.</summary>
    public double? PerSecond => _now.Ended - _before.Ended >= Enough && _now.Tick > _before.Tick ? (_now.Ended - _before.Ended) / ((_now.Tick - _before.Tick) * _tickPeriod).TotalSeconds : null;

    /// <summary>Takes note of how many have ended so far. Where nobody looked for a while, what ended meanwhile counts as ended now.</summary>
    public void Note(long tick, long ended)
    {
        // Of a long while only the last ten minutes are cut: the slices before would be forgotten at once.
        _slicedAt += Math.Max(0, (tick - _length - _slicedAt) / _sliceLength - 1) * _sliceLength;
        while (_slicedAt + _sliceLength <= tick)
        {
            _slicedAt += _sliceLength;
            _slices.Enqueue((_slicedAt, _slicedAt < tick ? _now.Ended : ended));
        }
        _now = (tick, ended);
        while (_slices.TryPeek(out var slice) && slice.Tick <= tick - _length) _before = _slices.Dequeue();
    }
}
