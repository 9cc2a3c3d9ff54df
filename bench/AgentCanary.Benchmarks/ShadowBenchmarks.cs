using AgentCanary.Benchmarks.Naive;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>What a caller pays for showing its request to a shadow: against the same call without one.</summary>
public class ShadowBenchmarks
{
    private static readonly Task<string> Answer = Task.FromResult("hello");

    // A shadow that never answers keeps the queue full, so what is measured is the caller's thread and not the shadow's work.
    private readonly ShadowDeployment<string, string> _busy = new(
        Stable, (_, _) => new TaskCompletionSource<string>().Task, options: new ShadowOptions { Timeout = TimeSpan.FromSeconds(1) });
    private readonly ShadowDeployment<string, string> _quick = new(Stable, Stable);

    /// <summary>Stable alone.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations, Baseline = true)]
    public async Task<long> StableAlone()
    {
        var length = 0L;
        foreach (var key in Workload.Keys) length += (await Stable(key, default).ConfigureAwait(false)).Length;
        return length;
    }

    /// <summary>A shadow that keeps up as far as it can.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public async Task<long> WithQuickShadow()
    {
        var length = 0L;
        foreach (var key in Workload.Keys) length += (await _quick.CallAsync(key).ConfigureAwait(false)).Length;
        return length;
    }

    /// <summary>A shadow that hangs: its queue is full and every call is dropped and counted.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public async Task<long> WithHangingShadow()
    {
        var length = 0L;
        foreach (var key in Workload.Keys) length += (await _busy.CallAsync(key).ConfigureAwait(false)).Length;
        return length;
    }

    /// <summary>A task for each call and nothing that bounds them.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public async Task<long> NaiveShadow()
    {
        var length = 0L;
        foreach (var key in Workload.Keys) length += (await UnboundedShadow.CallAsync(key, Stable, Stable).ConfigureAwait(false)).Length;
        return length;
    }

    [GlobalCleanup]
    public async Task CleanAsync()
    {
        await _quick.DisposeAsync().ConfigureAwait(false);
        await _busy.DisposeAsync().ConfigureAwait(false);
    }

    private static Task<string> Stable(string request, CancellationToken cancellationToken) => Answer;
}
