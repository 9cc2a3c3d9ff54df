using AgentCanary.Analysis;
using AgentCanary.Benchmarks.Naive;
using AgentCanary.Metrics;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>One verdict, from figures that are there and from a deployment that took traffic.</summary>
public class EvaluationBenchmarks
{
    /// <summary>The operations of one call: fewer than elsewhere, for each is long.</summary>
    internal const int Operations = 16;

    private readonly LockedRing _control = MakeRing(seed: 1);
    private readonly LockedRing _canary = MakeRing(seed: 2);
    private readonly CanaryDeployment _young = MakeDeployment(requests: 1_000);
    private readonly CanaryDeployment _old = MakeDeployment(requests: 300_000);

    private readonly AnalysisInput _input = new()
    {
        Stage = new Stage(Weight.FromPercent(25)),
        Checks = [Check.Parse("error_rate_increase < 0.10"), Check.Parse("p95_latency_increase < 0.5")],
        Control = MakeWindow(seed: 1),
        Canary = MakeWindow(seed: 2),
        Soak = TimeSpan.FromMinutes(10),
    };

    /// <summary>The analyzer alone: two arms of 10,000 outcomes, an error-rate and a p95 check.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long Analyze()
    {
        var passed = 0L;
        for (var i = 0; i < Operations; i++) passed += (int)Analyzer.Analyze(_input).Verdict;
        return passed;
    }

    /// <summary>A whole tick of a deployment that saw 1,000 requests: take the tallies, merge, analyze, decide.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long DecideAfterThousand() => Decide(_young);

    /// <summary>The same after 300,000 requests.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long DecideAfterManyThousands() => Decide(_old);

    /// <summary>A ring of 1,000 for each arm, copied and sorted.</summary>
    [Benchmark(OperationsPerInvoke = Operations, Baseline = true)]
    public long NaiveEvaluate()
    {
        var passed = 0L;
        for (var i = 0; i < Operations; i++)
        {
            var (control, canary) = (_control.Read(), _canary.Read());
            passed += canary.ErrorRate <= control.ErrorRate + 0.05 && canary.P95 <= control.P95 * 1.5 ? 1 : 0;
        }
        return passed;
    }

    private static long Decide(CanaryDeployment deployment)
    {
        var held = 0L;
        for (var i = 0; i < Operations; i++) held += deployment.Decide() is Decision.Hold ? 1 : 0;
        return held;
    }

    private static Outcome Draw(Random random) => new()
    {
        Class = random.NextDouble() < 0.01 ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok,
        Latency = TimeSpan.FromMilliseconds(80 + (random.NextDouble() * 400)),
    };

    private static LockedRing MakeRing(int seed)
    {
        var random = new Random(seed);
        var ring = new LockedRing();
        for (var i = 0; i < 1_000; i++) ring.Record(random.NextDouble() < 0.01, 80 + (random.NextDouble() * 400));
        return ring;
    }

    private static MetricWindow MakeWindow(int seed)
    {
        var random = new Random(seed);
        var recorder = new OutcomeRecorder(new(), firstTick: 1);
        for (var i = 0; i < 10_000; i++) recorder.Record(Arm.Canary, recorder.Start(Arm.Canary), (ulong)random.NextInt64(), Draw(random));
        return recorder.PeekSettled().Aggregate(MetricWindow.Empty, (sum, tally) => sum.Merge(tally.Canary))
            .With(recorder.Latency(Arm.Canary), recorder.FirstContent(Arm.Canary), recorder.Users(Arm.Canary));
    }

    private static CanaryDeployment MakeDeployment(int requests)
    {
        var random = new Random(requests);
        var stage = new Stage(Weight.FromPercent(25)) { BakeTime = TimeSpan.FromDays(1), MinSuccessRate = 0.9, MaxP95 = TimeSpan.FromSeconds(2) };
        var deployment = new CanaryDeployment("v1.0.0", "v1.1.0", new StagePlan(stage, new Stage(Weight.Full)));
        for (var i = 0; i < requests; i++) deployment.Record(deployment.Assign($"user-{i}"), Draw(random));
        return deployment;
    }
}
