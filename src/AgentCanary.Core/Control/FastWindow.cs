using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>The last minute of a stage, beside the stage's whole: old success must not hide new failure. One caller at a time.</summary>
internal sealed class FastWindow
{
    private readonly long _length;
    private readonly long _ruleLength;
    private readonly long _sliceLength;

    private readonly Queue<TickTally> _ticks = new();
    private readonly Queue<(long Tick, LatencySnapshot Canary, LatencySnapshot Control)> _slices = new();
    private readonly Queue<(long Tick, long Finished, long HardFailed)> _control = new();
    private long _tick;

    public FastWindow(long tick, TimeSpan tickPeriod)
    {
        _tick = tick;
        long Ticks(int seconds) => Math.Max(1, TimeSpan.FromSeconds(seconds).Ticks / tickPeriod.Ticks);
        (_length, _ruleLength, _sliceLength) = (Ticks(60), Ticks(10), Ticks(10));
        _slices.Enqueue((tick, LatencySnapshot.Empty, LatencySnapshot.Empty));
        _control.Enqueue((tick, 0, 0));
    }

    public void Add(TickTally tally) => _ticks.Enqueue(tally);

    /// <summary>Moves the window's end, and lets go of what is older than its length.</summary>
    public void Advance(long tick, OutcomeRecorder recorder)
    {
        _tick = tick;
        while (_ticks.TryPeek(out var oldest) && oldest.Tick <= tick - _length) _ticks.Dequeue();
        if (_slices.Last().Tick <= tick - _sliceLength) _slices.Enqueue((tick, recorder.Latency(Arm.Canary), recorder.Latency(Arm.Control)));
        while (_slices.Count > 1 && _slices.ElementAt(1).Tick <= tick - _length) _slices.Dequeue();
        var totals = recorder.Totals(Arm.Control);
        if (_control.Last().Tick < tick) _control.Enqueue((tick, totals.Finished, totals.HardFailed));
        while (_control.Count > 1 && _control.ElementAt(1).Tick <= tick - _ruleLength) _control.Dequeue();
    }

    public MetricWindow Sum(Arm arm, ImmutableArray<TickTally> settled, OutcomeRecorder recorder)
    {
        var sum = MetricWindow.Empty;
        foreach (var tally in _ticks.Concat(settled.Where(tally => tally.Tick > _tick - _length))) sum = sum.Merge(arm is Arm.Canary ? tally.Canary : tally.Control);
        var (_, canary, control) = _slices.Peek();
        return sum.With(recorder.Latency(arm).Minus(arm is Arm.Canary ? canary : control), firstContent: null, users: null);
    }

    public FastRule Rule(OutcomeRecorder recorder)
    {
        var totals = recorder.Totals(Arm.Control);
        var (_, finished, failed) = _control.Peek();
        return new(recorder.CanaryFailuresInARow, totals.Finished - finished, totals.HardFailed - failed);
    }
}
