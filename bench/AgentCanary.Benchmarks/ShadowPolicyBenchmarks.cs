using AgentCanary.Shadow;
using BenchmarkDotNet.Attributes;

namespace AgentCanary.Benchmarks;

/// <summary>What it takes to leave a user's credentials and traces behind: the names of one request's headers, as an SDK sends them through a proxy.</summary>
public class ShadowPolicyBenchmarks
{
    private static readonly string[] Names =
    [
        "Host", "Accept", "Accept-Encoding", "Authorization", "Connection", "Content-Type", "User-Agent", "Content-Length", "X-User-Id", "X-Request-Id",
        "x-stainless-lang", "x-stainless-runtime", "x-stainless-package-version", "traceparent", "baggage", "Cookie",
    ];

    /// <summary>Sixteen names.</summary>
    [Benchmark]
    public int Headers()
    {
        var behind = 0;
        foreach (var name in Names)
            if (ShadowPolicy.IsTrace(name) || ShadowPolicy.IsCredential(name)) behind++;
        return behind;
    }
}
