using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Says what a replay had to assume or left out. Pure and thread-safe.</summary>
public static class ReplayNotes
{
    // A trace that begins later than this was hardly recorded from the rollout's beginning.
    private static readonly TimeSpan LateStart = TimeSpan.FromMinutes(1);

    /// <summary>Tells everything that a reader of the result must know, as sentences.</summary>
    public static ImmutableArray<string> Of(RolloutSpec spec, TraceReading reading, ReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(result);
        return [.. OfSpec(spec), .. OfTrace(reading), .. OfEnd(result)];
    }

    private static IEnumerable<string> OfSpec(RolloutSpec spec)
    {
        if (spec.Analysis.Mode is AnalysisMode.Point) yield return "mode: point compares plain figures, which proves nothing: another sample may say the opposite";
        var approvals = spec.Stages.Where(stage => stage.Approval).Select(stage => $"'{stage.Name}'").ToList();
        if (approvals.Count > 0) yield return $"the approval of {string.Join(", ", approvals)} is taken as given the moment that it is asked for";
        if (spec.Health is not null || spec.Stable.Health is not null || spec.Canary.Health is not null) yield return "health is left out: a trace says nothing of probes";
    }

    private static IEnumerable<string> OfTrace(TraceReading reading)
    {
        if (reading.Trace is { Count: 0 }) yield return "the trace is empty";
        if (reading.Trace is { } trace && trace.FirstStart > LateStart)
            yield return $"the first request starts after {Words.Duration(trace.FirstStart)}: the rollout is taken to begin at 0, so stages last and deadlines pass before it";
        if (reading.Others > 0) yield return $"left out, for they are of other agents ({string.Join(", ", reading.OtherAgents)}): {Words.Number(reading.Others)} of the trace's outcomes";
        if (reading.WithoutLatency > 0) yield return $"without latency_ms, so taken as ended at once: {Words.Number(reading.WithoutLatency)} of the trace's outcomes";
    }

    private static IEnumerable<string> OfEnd(ReplayResult result)
    {
        if (result.Phase is Phase.Paused) yield return "a replay has nobody to resume the rollout; while it is paused, a failed check still rolls back";
        if (result.Phase is Phase.Progressing) yield return "the trace ended before the rollout did";
    }
}
