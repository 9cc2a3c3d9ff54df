using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>
/// The figures of a stage, of both arms: counts come from ticks by start; latencies and users are cumulative from the stage's beginning, in the processes before this one too. One caller
/// at a time.
/// </summary>
/// <param name="kept">What is kept of the processes before.</param>
/// <param name="recorder">What this process counts.</param>
/// <param name="needs">What the checks read.</param>
/// <param name="fast">The last minute.</param>
internal sealed class StageFigures(Evidence kept, OutcomeRecorder recorder, FigureNeeds needs, FastWindow fast)
{
    private MetricWindow _canary = kept.Canary;
    private MetricWindow _control = kept.Control;

    /// <summary>Adds a complete tick.</summary>
    public void Add(TickTally tick)
    {
        AddScores(tick);
        fast.Add(tick);
    }

    /// <summary>Adds scores that were reported after their answers, which are of no tick.</summary>
    public void AddScores(TickTally scores) => (_canary, _control) = (_canary.Merge(scores.Canary), _control.Merge(scores.Control));

    /// <summary>Gets what a store should keep of an arm.</summary>
    public MetricWindow Whole(Arm arm) => Ticks(arm).With(Latency(arm), FirstContent(arm), Users(arm));

    /// <summary>Gets what the checks read of an arm: what nobody will look at is not read, for these are the large figures.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="settled">The ticks that have settled and are not taken yet.</param>
    /// <param name="isLate">Whether outcomes came after their ticks were taken.</param>
    public MetricWindow Read(Arm arm, ImmutableArray<TickTally> settled, bool isLate)
    {
        var ticks = Ticks(arm);
        foreach (var tally in settled) ticks = ticks.Merge(arm is Arm.Canary ? tally.Canary : tally.Control);
        var (readsLatency, readsUsers) = (needs.Latency || isLate, needs.Users && arm is Arm.Canary);
        if (!readsLatency && !needs.FirstContent && !readsUsers) return ticks;
        return ticks.With(readsLatency ? Latency(arm) : null, needs.FirstContent ? FirstContent(arm) : null, readsUsers ? Users(arm) : null);
    }

    /// <summary>Gets what the checks read of the last minute of an arm.</summary>
    public MetricWindow ReadFast(Arm arm, ImmutableArray<TickTally> settled)
    {
        var sum = fast.Sum(arm, settled);
        return needs.Latency ? sum.With(fast.Latency(arm, recorder), firstContent: null, users: null) : sum;
    }

    /// <summary>Gets an arm in figures.</summary>
    public ArmStatus Status(Arm arm)
    {
        var (before, totals) = (Before(arm), recorder.Totals(arm));
        var (finished, failed, counted) = (before.Finished + totals.Finished, before.Failed + totals.Failed, before.Counted + totals.Counted);
        var latency = Latency(arm);
        return new(finished, failed, counted == 0 ? null : 1 - (failed / (double)counted), latency.Quantile(0.5), latency.Quantile(0.95), latency.Quantile(0.99), Users(arm).Count);
    }

    private MetricWindow Ticks(Arm arm) => arm is Arm.Canary ? _canary : _control;

    private MetricWindow Before(Arm arm) => arm is Arm.Canary ? kept.Canary : kept.Control;

    private LatencySnapshot Latency(Arm arm) => recorder.Latency(arm).Plus(Before(arm).Latency ?? LatencySnapshot.Empty);

    private LatencySnapshot FirstContent(Arm arm) => recorder.FirstContent(arm).Plus(Before(arm).FirstContent ?? LatencySnapshot.Empty);

    private UserSketch Users(Arm arm) => recorder.Users(arm).Merge(Before(arm).Users ?? UserSketch.Empty);
}
