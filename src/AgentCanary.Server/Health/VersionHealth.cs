namespace AgentCanary.Server.Health;

/// <summary>What the probes say of one version. Immutable and thread-safe.</summary>
/// <param name="IsReady">Whether a probe has succeeded since the version was first watched.</param>
/// <param name="FailedInARow">How many probes failed since the last success.</param>
/// <param name="UnhealthySince">When the version became unhealthy, or null while it is not.</param>
/// <param name="LastFault">What the last failed probe said; empty after a success.</param>
public sealed record VersionHealth(bool IsReady, int FailedInARow, DateTimeOffset? UnhealthySince, string LastFault)
{
    /// <summary>Gets the health of a version that was never probed.</summary>
    public static VersionHealth Unknown { get; } = new(false, 0, null, "not probed yet");

    /// <summary>Gets whether the version was probed at least once, with whatever result.</summary>
    public bool IsProbed { get; init; }
}
