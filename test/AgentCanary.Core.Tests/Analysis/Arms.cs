using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis;

/// <summary>Windows of made outcomes, through the recorder that makes the real ones.</summary>
internal static class Arms
{
    public static MetricWindow Window(int requests, int failures = 0, double latencyMs = 100, OutcomeClass failure = OutcomeClass.ErrorUpstream) =>
        Window(Enumerable.Range(0, requests).Select(i => new Outcome { Class = i < failures ? failure : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(latencyMs) }));

    public static MetricWindow Window(IEnumerable<Outcome> outcomes)
    {
        var recorder = new OutcomeRecorder(new() { ScoreNames = ["quality", "task_completion"] }, firstTick: 1000);
        ulong key = 0;
        foreach (var outcome in outcomes) Assert.True(recorder.Record(Arm.Canary, OutcomeRecorder.StartNotSeen, ++key * 0x9E3779B97F4A7C15, outcome));
        return recorder.PeekSettled().Aggregate(MetricWindow.Empty, (sum, tally) => sum.Merge(tally.Canary))
            .With(recorder.Latency(Arm.Canary), recorder.FirstContent(Arm.Canary), recorder.Users(Arm.Canary));
    }

    public static AnalysisInput Input(MetricWindow canary, MetricWindow control, params string[] checks) => new()
    {
        Stage = new Stage(Weight.FromPercent(5)) { MinRequests = 50 },
        Checks = [.. checks.Select(Check.Parse)],
        Canary = canary,
        Control = control,
        Soak = TimeSpan.FromMinutes(1),
    };

    public static AnalysisInput With(this AnalysisInput input, Func<Check, Check> change) => input with { Checks = [.. input.Checks.Select(change)] };

    public static AnalysisResult Analyze(this AnalysisInput input) => Analyzer.Analyze(input);
}
