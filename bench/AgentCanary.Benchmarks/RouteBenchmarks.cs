using AgentCanary.Benchmarks.Naive;
using AgentCanary.Routing;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>One routing decision.</summary>
public class RouteBenchmarks
{
    private static readonly RoutePlan Md5Plan = Workload.Plan with { Hash = StickyHashKind.Md5 };

    private static readonly RoutePlan CohortPlan = Workload.Plan with
    {
        Exclude = [Workload.Cohorts[0], Workload.Cohorts[1]],
        Include = [Workload.Cohorts[2], Workload.Cohorts[3], Workload.Cohorts[4]],
    };

    /// <summary>The default hash.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long Xxh64()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys) canary += (int)Router.Route(Workload.Plan, key).Variant;
        return canary;
    }

    /// <summary>The hash that assigns as the Python library does.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long Md5()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys) canary += (int)Router.Route(Md5Plan, key).Variant;
        return canary;
    }

    /// <summary>Five cohort rules, none of which holds.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long FiveCohortRules()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys) canary += (int)Router.Route(CohortPlan, new RouteRequest(key), Caller.Customer).Variant;
        return canary;
    }

    /// <summary>A forced request.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long Forced()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys)
            canary += (int)Router.Route(CohortPlan, new RouteRequest(key) { Forced = Variant.Canary }, Caller.Customer).Variant;
        return canary;
    }

    /// <summary>MD5 by the framework, on a string made of bytes.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations, Baseline = true)]
    public long NaiveMd5()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys) canary += (int)FrameworkMd5Router.Route(Workload.Plan, key);
        return canary;
    }

    /// <summary>The same five rules by LINQ over a dictionary.</summary>
    [Benchmark(OperationsPerInvoke = Workload.Operations)]
    public long NaiveCohorts()
    {
        var canary = 0L;
        foreach (var key in Workload.Keys) canary += (int)LinqCohortRouter.Route(CohortPlan, key, LinqCohortRouter.Customer);
        return canary;
    }
}
