namespace AgentCanary.Server.Api;

/// <summary>One arm of the present stage as JSON. Latencies are milliseconds, null without requests.</summary>
/// <param name="Requests">Finished requests.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="SuccessRate">The share of counted requests that did not fail, 0 to 1.</param>
/// <param name="P50Ms">The median latency.</param>
/// <param name="P95Ms">The 95th percentile.</param>
/// <param name="P99Ms">The 99th percentile.</param>
/// <param name="Users">An estimate of the distinct sticky keys.</param>
public sealed record ArmView(long Requests, long Errors, double? SuccessRate, double? P50Ms, double? P95Ms, double? P99Ms, long Users)
{
    /// <summary>Maps an arm's figures.</summary>
    public static ArmView Of(ArmStatus arm)
    {
        ArgumentNullException.ThrowIfNull(arm);
        return new(arm.Requests, arm.Errors, arm.SuccessRate, Milliseconds(arm.P50), Milliseconds(arm.P95), Milliseconds(arm.P99), arm.Users);
    }

    private static double? Milliseconds(TimeSpan? latency) => latency is { } known ? Math.Round(known.TotalMilliseconds, 3) : null;
}
