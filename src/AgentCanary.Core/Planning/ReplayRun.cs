using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>One run over a trace. Requests start and end in the order of time; what ends at a moment counts for a judgement at it, what starts then does not.</summary>
internal sealed class ReplayRun
{
    /// <summary>How many ticks a request may last: each keeps its counters until it is complete.</summary>
    public const int MostTicksUnderWay = 50_000;

    // After so long without an event every window that moves with time has come to rest: the last minute, cut in slices of 10 s, and what the fast rule looks at.
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(2);

    private readonly RolloutSpec _spec;
    private readonly Trace _trace;
    private readonly long _period;
    private readonly bool _judgesEveryTick;
    private readonly Trial _trial;
    private readonly long _lastTick;
    private readonly PriorityQueue<Assignment, (TimeSpan End, int Index)> _underWay = new();
    private readonly ImmutableArray<ReplayDecision>.Builder _decisions = ImmutableArray.CreateBuilder<ReplayDecision>();
    private int _next;
    private TimeSpan _lastEvent;
    private TimeSpan _now;
    private TimeSpan _enteredAt;
    private TimeSpan _soak;
    private Decision? _decision;
    private long _requests;
    private long _failures;

    public ReplayRun(RolloutSpec spec, Trace trace, TimeSpan tickPeriod, bool judgesEveryTick)
    {
        (_spec, _trace, _period, _judgesEveryTick) = (spec, trace, tickPeriod.Ticks, judgesEveryTick);
        // Every outcome is known: a tick waits for the last of its own, however long that takes.
        _trial = new(spec, tickPeriod, outcomeDeadline: trace.Longest + (2 * tickPeriod));
        _lastTick = Math.Max(TickOf(trace.LastStart) + 1, TickAfter(trace.End));
    }

    private bool IsOver => _trial.State.IsTerminal;

    public ReplayResult Run()
    {
        for (var tick = 1L; ; tick = TickToJudge(tick))
        {
            Serve(new(tick * _period));
            if (!IsOver) Judge(new(tick * _period));
            if (IsOver || tick >= _lastTick) break;
        }
        return new()
        {
            Phase = _trial.State.Phase,
            Stage = _trial.State.Stage,
            At = _now,
            Reason = _decision!.Reason,
            CanaryRequests = _requests,
            CanaryFailures = _failures,
            Decisions = _decisions.ToImmutable(),
        };
    }

    private void Serve(TimeSpan until)
    {
        while (!IsOver)
        {
            var start = _next < _trace.Count ? _trace.Outcomes[_next].At : TimeSpan.MaxValue;
            if (_underWay.TryPeek(out _, out var first) && first.End <= until && first.End <= start) End();
            else if (start < until) Begin();
            else return;
            if (_trial.IsUrgent) Judge(_lastEvent);
        }
    }

    private void Begin()
    {
        ref readonly var outcome = ref _trace.Outcomes[_next];
        if (outcome.Arm is not Arm.Outside) _underWay.Enqueue(_trial.Begin(outcome.Arm, outcome.KeyHash), (outcome.EndedAt, _next));
        _lastEvent = outcome.At;
        _next++;
    }

    private void End()
    {
        _underWay.TryDequeue(out var assignment, out var end);
        var outcome = _trace.Outcomes[end.Index].Outcome;
        _lastEvent = end.End;
        _trial.Record(assignment, outcome);
        if (assignment.Arm is not Arm.Canary) return;
        _requests++;
        if (outcome.Class.IsFailure) _failures++;
    }

    private void Judge(TimeSpan now)
    {
        var before = _trial.State;
        var (decision, analysis, change) = _trial.Judge(now);
        (_now, _soak, _decision) = (now, analysis.Soak, decision);
        if (change is null) return;
        if (change.Next.Stage != before.Stage) (_enteredAt, _soak) = (now, TimeSpan.Zero);
        _lastEvent = now;
        _decisions.Add(new(now, NameOf(decision), before.Stage, change.Next.Stage, change.Event.Model is null ? decision.Reason : change.Event.Reason, change.Event.Evidence));
    }

    private static string NameOf(Decision decision) => decision is Decision.Hold hold ? hold.Pause is PauseReason.None ? "Alert" : "Pause" : decision.Name;

    // Hours without requests change nothing but the time that the stage has run, so only the ticks are judged at which that reaches a limit.
    private long TickToJudge(long tick)
    {
        if (_judgesEveryTick || _now - _lastEvent <= Rest + new TimeSpan(4 * _period)) return tick + 1;
        var wake = _lastTick;
        if (_next < _trace.Count) wake = Math.Min(wake, TickOf(_trace.Outcomes[_next].At));
        if (_underWay.TryPeek(out _, out var first)) wake = Math.Min(wake, TickAfter(first.End) - 1);
        foreach (var limit in Limits())
        {
            if (limit > _now) wake = Math.Min(wake, TickAfter(limit));
        }
        return Math.Max(tick + 1, wake);
    }

    // The moments at which time alone changes the verdict on the present stage.
    private IEnumerable<TimeSpan> Limits()
    {
        var stage = _spec.Stages[_trial.State.Stage];
        yield return _enteredAt + _spec.Analysis.WarmUp;
        if (_trial.State.Phase is not Phase.Progressing) yield break;
        yield return _now + stage.LeastTime - _soak;
        if (stage.Deadline is { } deadline) yield return _now + deadline - _soak;
    }

    private long TickOf(TimeSpan time) => time.Ticks / _period;

    private long TickAfter(TimeSpan time) => (time.Ticks + _period - 1) / _period;
}
