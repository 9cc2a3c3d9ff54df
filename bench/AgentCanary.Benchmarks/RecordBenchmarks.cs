using System.Diagnostics;
using AgentCanary.Benchmarks.Naive;
using AgentCanary.Metrics;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>One outcome, alone and with the routing before it.</summary>
public class RecordBenchmarks
{
    private readonly OutcomeRecorder _recorder = new(new RecorderOptions(), firstTick: 1);
    private readonly OutcomeRecorder _binned = new(new RecorderOptions { Bins = SequentialBenchmarks.FrozenPlan() }, firstTick: 1);
    private readonly LockedRing _naive = new();
    private readonly CanaryDeployment _deployment = new(
        "v1.0.0", "v1.1.0", new StagePlan(new Stage(Weight.FromPercent(25)) { BakeTime = TimeSpan.FromDays(1) }, new Stage(Weight.Full)));

    private readonly Outcome[] _outcomes =
        [.. Enumerable.Range(0, Workload.Operations).Select(i => new Outcome { Latency = TimeSpan.FromMilliseconds(80 + (i * 37 % 400)) })];

    /// <summary>An outcome of a request that was counted when it started.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long Record() => Record(_recorder);

    /// <summary>The same in <c>mode: sequential</c>, where it is counted by bins too.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long RecordByBins() => Record(_binned);

    /// <summary>A request's whole share, by the library: route, count the start, read the clock twice, record.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long AssignAndRecord()
    {
        var counted = 0L;
        foreach (var key in Workload.Keys)
        {
            var assignment = _deployment.Assign(key);
            var started = Stopwatch.GetTimestamp();
            _deployment.Record(assignment, new Outcome { Latency = Stopwatch.GetElapsedTime(started) });
            counted += (int)assignment.Variant;
        }
        return counted;
    }

    /// <summary>A lock and a ring of a thousand.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations, Baseline = true)]
    public long NaiveRecord()
    {
        foreach (var outcome in _outcomes) _naive.Record(failed: false, outcome.Latency!.Value.TotalMilliseconds);
        return _outcomes.Length;
    }

    /// <summary>The framework's MD5, a clock that makes objects, a lock and a ring.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long NaiveAssignAndRecord()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys)
        {
            canary += (int)FrameworkMd5Router.Route(Workload.Plan, key);
            var clock = Stopwatch.StartNew();
            _naive.Record(failed: false, clock.Elapsed.TotalMilliseconds);
        }
        return canary;
    }

    private long Record(OutcomeRecorder recorder)
    {
        var counted = 0L;
        var tick = recorder.Start(Arm.Canary);
        for (var i = 0; i < _outcomes.Length; i++)
            counted += recorder.Record(Arm.Canary, tick, (ulong)i * 0x9E3779B97F4A7C15, _outcomes[i]) ? 1 : 0;
        return counted;
    }
}
