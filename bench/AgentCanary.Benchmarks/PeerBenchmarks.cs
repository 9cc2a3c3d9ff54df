using AgentCanary.Benchmarks.Peers;
using AgentCanary.Routing;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>Which version serves a user at 5 %: here, and by the feature flags that .NET users have today.</summary>
public class PeerBenchmarks
{
    /// <summary>So few users a call that a slice of the slowest ends before the machine's other users take the core.</summary>
    public const int Users = 128;

    private const int Percent = 5;

    private static readonly string[] Keys = Workload.Keys[..Users];

    private static readonly RoutePlan Plan = Workload.Plan with { Weight = Weight.FromPercent(Percent) };

    private readonly FeatureFlag _flag = new(Percent);
    private readonly CanaryDeployment _deployment = new(
        "v1.0.0", "v1.1.0", new StagePlan(new Stage(Weight.FromPercent(Percent)) { BakeTime = TimeSpan.FromDays(1) }, new Stage(Weight.Full)));

    /// <summary>The rule alone.</summary>
    [Benchmark(OperationsPerInvoke = Users)]
    public long Route()
    {
        var canary = 0L;
        foreach (var key in Keys) canary += (int)Router.Route(Plan, key).Variant;
        return canary;
    }

    /// <summary>The library's facade: the version's name.</summary>
    [Benchmark(OperationsPerInvoke = Users, Baseline = true)]
    public long FacadeRoute()
    {
        var canary = 0L;
        foreach (var key in Keys) canary += _deployment.Route(key) == "v1.1.0" ? 1 : 0;
        return canary;
    }

    /// <summary>The targeting filter with a context of one user.</summary>
    [Benchmark(OperationsPerInvoke = Users)]
    public long IsEnabledAsync()
    {
        var canary = 0L;
        foreach (var key in Keys) canary += _flag.IsEnabled(key) ? 1 : 0;
        return canary;
    }

    /// <summary>A variant by percentile with the same context.</summary>
    [Benchmark(OperationsPerInvoke = Users)]
    public long GetVariantAsync()
    {
        var canary = 0L;
        foreach (var key in Keys) canary += _flag.IsCanary(key) ? 1 : 0;
        return canary;
    }
}
