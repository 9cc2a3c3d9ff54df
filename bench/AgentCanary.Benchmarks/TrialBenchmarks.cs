using System.Collections.Immutable;
using AgentCanary.Planning;
using AgentCanary.Spec;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>A rollout on a made clock, as `simulate` runs it: default checks in sequence, a tick a second.</summary>
public class TrialBenchmarks
{
    /// <summary>The seconds of one call: fewer than operations elsewhere, for each is long.</summary>
    internal const int Seconds = 16;

    private const int RequestsASecond = 10;

    private readonly Trial _busy = MakeTrial(AnalysisMode.Sequential);
    private readonly Trial _point = MakeTrial(AnalysisMode.Point, "safety_violations == 0", "error_rate_increase < 5", "p95_latency_increase < 5");
    private readonly Trial _idle = MakeTrial(AnalysisMode.Sequential);
    private readonly Random _random = new(1);
    private int _second;
    private int _pointSecond;
    private int _idleSecond;

    /// <summary>Ten requests, 5 % of them to the canary, and a verdict.</summary>
    [Benchmark(OperationsPerInvoke = Seconds)]
    public long BusySecond() => Run(_busy, RequestsASecond, ref _second);

    /// <summary>The same, compared as plain figures.</summary>
    [Benchmark(OperationsPerInvoke = Seconds)]
    public long PointSecond() => Run(_point, RequestsASecond, ref _pointSecond);

    /// <summary>A verdict on nothing new.</summary>
    [Benchmark(OperationsPerInvoke = Seconds)]
    public long IdleSecond() => Run(_idle, requests: 0, ref _idleSecond);

    private static Trial MakeTrial(AnalysisMode mode, params ImmutableArray<string> checks) => new(
        new RolloutSpec
        {
            Agent = "support-agent",
            Stable = new("v1.0.0"),
            Canary = new("v1.1.0"),
            Analysis = new AnalysisSpec { Mode = mode },
            Stages =
            [
                new(Weight.FromPercent(5)) { Name = "initial", BakeTime = TimeSpan.FromDays(1000), Checks = checks.IsEmpty ? default : [.. checks.Select(Check.Parse)] },
                new(Weight.Full) { Name = "full" },
            ],
        },
        TimeSpan.FromSeconds(1));

    private long Run(Trial trial, int requests, ref int second)
    {
        var held = 0L;
        for (var i = 0; i < Seconds; i++)
        {
            for (var request = 0; request < requests; request++)
            {
                var assignment = trial.Assign(new(Workload.Keys[_random.Next(Workload.Keys.Length)]));
                trial.Record(assignment, new Outcome
                {
                    Class = _random.Next(100) == 0 ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok,
                    Latency = TimeSpan.FromMilliseconds(80 + _random.Next(400)),
                });
            }
            held += trial.Judge(TimeSpan.FromSeconds(++second)).Decision is Decision.Hold ? 1 : 0;
        }
        return held;
    }
}
