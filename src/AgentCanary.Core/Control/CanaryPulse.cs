using AgentCanary.Analysis;

namespace AgentCanary.Control;

/// <summary>
/// When the canary of a stage was last called and when it last had an outcome, as the ticks of both. The hot path writes at most once a tick; one caller at a time looks, so that calls
/// without an outcome show even where nobody counts their starts.
/// </summary>
/// <param name="tickPeriod">The length of a tick.</param>
/// <param name="outcomeDeadline">How long an outcome is waited for.</param>
internal sealed class CanaryPulse(TimeSpan tickPeriod, TimeSpan outcomeDeadline)
{
    // A single slow call is no silence.
    private const int MinCalls = 5;
    private const int MinTicks = 3;

    private long _calledAt = -1;
    private long _answeredAt = -1;
    private long _seenCall = -1;
    private long _seenAnswer = -1;
    private long _silentSince;
    private int _calls;

    public void Call(long tick)
    {
        if (Volatile.Read(ref _calledAt) != tick) Volatile.Write(ref _calledAt, tick);
    }

    public void Answer(long tick)
    {
        if (Volatile.Read(ref _answeredAt) != tick) Volatile.Write(ref _answeredAt, tick);
    }

    /// <summary>Takes note of what happened since the last look. Control path.</summary>
    public Silence? Look(long tick)
    {
        var (calledAt, answeredAt) = (Volatile.Read(ref _calledAt), Volatile.Read(ref _answeredAt));
        if (answeredAt != _seenAnswer) (_seenAnswer, _calls) = (answeredAt, 0);
        if (calledAt != _seenCall)
        {
            if (_calls++ == 0) _silentSince = calledAt;
            _seenCall = calledAt;
        }
        var length = (tick - _silentSince) * tickPeriod;
        return _calls < MinCalls || tick - _silentSince < MinTicks ? null : new(length, _calls, IsLost: length >= outcomeDeadline + (MinTicks * tickPeriod));
    }
}
