using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>
/// The sum of the newest ticks of one arm. Two stacks: what is old is kept as sums from each tick to the last old one, so that a tick enters and leaves at the price of two additions,
/// however many lie between. One caller at a time.
/// </summary>
internal sealed class SlidingWindow
{
    private readonly Stack<(long Tick, MetricWindow Sum)> _old = new();
    private readonly List<(long Tick, MetricWindow Window)> _new = [];
    private MetricWindow _newSum = MetricWindow.Empty;

    public MetricWindow Sum => _old.TryPeek(out var oldest) ? oldest.Sum.Merge(_newSum) : _newSum;

    /// <summary>Adds a tick. Ticks come in order.</summary>
    public void Add(long tick, MetricWindow window)
    {
        if (ReferenceEquals(window, MetricWindow.Empty)) return;
        _new.Add((tick, window));
        _newSum = _newSum.Merge(window);
    }

    /// <summary>Lets go of the ticks up to one.</summary>
    public void ForgetUpTo(long tick)
    {
        while (true)
        {
            if (_old.Count == 0) TurnOver();
            if (!_old.TryPeek(out var oldest) || oldest.Tick > tick) return;
            _old.Pop();
        }
    }

    private void TurnOver()
    {
        var sum = MetricWindow.Empty;
        for (var i = _new.Count - 1; i >= 0; i--) _old.Push((_new[i].Tick, sum = _new[i].Window.Merge(sum)));
        _new.Clear();
        _newSum = MetricWindow.Empty;
    }
}
