using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Planning;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Output;

/// <summary>Tells a replay in plain text: what happened when, what was assumed, and the end.</summary>
internal static class ReplayText
{
    /// <summary>Tells it line by line.</summary>
    public static IEnumerable<string> Write(RolloutSpec spec, Trace trace, ReplayResult result, ImmutableArray<string> notes) =>
    [
        $"{spec.Agent}  {spec.Stable.Version} -> {spec.Canary.Version}, {Count(trace.Count, "outcome")} in {Clock(trace.End)}",
        $"{Clock(default)}  begins with {Name(spec, 0)}, {spec.Stages[0].Weight} canary",
        .. result.Decisions.SelectMany(decision => Lines(spec, decision)),
        .. notes.Select(note => $"Note: {note}."),
        $"{result.Phase} at {Clock(result.At)} in {Name(spec, result.Stage)}, after {Count(result.CanaryRequests, "canary request")}, {Columns.Count(result.CanaryFailures)} of them failed"
            + (result.Phase is Phase.Progressing ? $": {result.Reason}" : ""),
    ];

    private static IEnumerable<string> Lines(RolloutSpec spec, ReplayDecision decision) =>
    [
        $"{Clock(decision.At)}  {decision.Name} {(decision.ToStage == decision.FromStage ? "in" : "from")} {Name(spec, decision.FromStage)}"
            + (decision.ToStage == decision.FromStage ? "" : $" to {Name(spec, decision.ToStage)}") + $": {decision.Reason}",
        .. decision.Checks.Select(check => $"           {check.Reason}"),
    ];

    private static string Name(RolloutSpec spec, int stage) => $"stage {stage + 1} of {spec.Stages.Length} ({spec.Stages[stage].Name})";

    private static string Count(long count, string noun) => $"{Columns.Count(count)} {noun}{(count == 1 ? "" : "s")}";

    private static string Clock(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(long)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}{(time.Ticks % TimeSpan.TicksPerSecond == 0 ? "" : $".{time.Milliseconds:000}")}");
}
