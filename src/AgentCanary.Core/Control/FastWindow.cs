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

    private readonly SlidingWindow _canary = new();
    private readonly SlidingWindow _control = new();
    private readonly Queue<(long Tick, LatencySnapshot Canary, LatencySnapshot Control)> _slices = new();
    private readonly Queue<(long Tick, long Finished, long HardFailed)> _ended = new();
    private (LatencySnapshot Canary, LatencySnapshot Control) _sliceBefore = (LatencySnapshot.Empty, LatencySnapshot.Empty);
    private (long Finished, long HardFailed) _endedBefore;
    private (long Finished, long HardFailed) _endedNow;
    private long _tick;
    private long _slicedAt;

    public FastWindow(long tick, TimeSpan tickPeriod)
    {
        (_tick, _slicedAt) = (tick, tick);
        long Ticks(int seconds) => Math.Max(1, TimeSpan.FromSeconds(seconds).Ticks / tickPeriod.Ticks);
        (_length, _ruleLength, _sliceLength) = (Ticks(60), Ticks(10), Ticks(10));
    }

    public void Add(TickTally tally)
    {
        _canary.Add(tally.Tick, tally.Canary);
        _control.Add(tally.Tick, tally.Control);
    }

    /// <summary>Moves the window's end, and lets go of what is older than its length.</summary>
    public void Advance(long tick, OutcomeRecorder recorder)
    {
        _canary.ForgetUpTo(tick - _length);
        _control.ForgetUpTo(tick - _length);
        if (_slicedAt <= tick - _sliceLength)
        {
            _slices.Enqueue((tick, recorder.Latency(Arm.Canary), recorder.Latency(Arm.Control)));
            _slicedAt = tick;
        }
        while (_slices.TryPeek(out var slice) && slice.Tick <= tick - _length) (_sliceBefore, _) = ((slice.Canary, slice.Control), _slices.Dequeue());
        _endedNow = recorder.EndedOf(Arm.Control);
        if (tick > _tick) _ended.Enqueue((tick, _endedNow.Finished, _endedNow.HardFailed));
        while (_ended.TryPeek(out var ended) && ended.Tick <= tick - _ruleLength) (_endedBefore, _) = ((ended.Finished, ended.HardFailed), _ended.Dequeue());
        _tick = tick;
    }

    /// <summary>Gets the counts of an arm, of the settled ticks too.</summary>
    public MetricWindow Sum(Arm arm, ImmutableArray<TickTally> settled)
    {
        var sum = (arm is Arm.Canary ? _canary : _control).Sum;
        foreach (var tally in settled)
        {
            if (tally.Tick > _tick - _length) sum = sum.Merge(arm is Arm.Canary ? tally.Canary : tally.Control);
        }
        return sum;
    }

    /// <summary>Gets the latencies of an arm, to ten seconds.</summary>
    public LatencySnapshot Latency(Arm arm, OutcomeRecorder recorder) => recorder.Latency(arm).Minus(arm is Arm.Canary ? _sliceBefore.Canary : _sliceBefore.Control);

    public FastRule Rule(OutcomeRecorder recorder) =>
        new(recorder.CanaryFailuresInARow, _endedNow.Finished - _endedBefore.Finished, _endedNow.HardFailed - _endedBefore.HardFailed);
}
