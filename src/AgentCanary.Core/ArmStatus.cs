namespace AgentCanary;

/// <summary>One arm of the present stage in figures. Immutable and thread-safe.</summary>
/// <param name="Requests">Finished requests.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="SuccessRate">The share of counted requests that did not fail, 0 to 1; null without any.</param>
/// <param name="P50">The median latency; null without any.</param>
/// <param name="P95">The 95th percentile of latency; null without any.</param>
/// <param name="P99">The 99th percentile of latency; null without any.</param>
/// <param name="Users">An estimate of the distinct sticky keys.</param>
public sealed record ArmStatus(long Requests, long Errors, double? SuccessRate, TimeSpan? P50, TimeSpan? P95, TimeSpan? P99, long Users)
{
    /// <summary>Gets an arm without requests.</summary>
    public static ArmStatus Empty { get; } = new(0, 0, null, null, null, null, 0);
}
