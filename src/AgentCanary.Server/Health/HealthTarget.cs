using AgentCanary.Spec;

namespace AgentCanary.Server.Health;

/// <summary>One version that is watched, and how.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Version">The version.</param>
/// <param name="Url">Its base address.</param>
/// <param name="Spec">How it is probed, or null for a TCP connect until the first one succeeds.</param>
/// <param name="Attempt">The attempt of its rollout: each one asks anew whether the version is there.</param>
internal sealed record HealthTarget(string Agent, string Version, string Url, HealthSpec? Spec, int Attempt = 1)
{
    /// <summary>Gets the time to the next probe of a version that is asked only whether it is there.</summary>
    public static TimeSpan ReadinessInterval { get; } = TimeSpan.FromSeconds(1);

    public TimeSpan Interval => Spec?.Interval ?? ReadinessInterval;

    /// <summary>Gets the targets of a rollout: its versions that have an address.</summary>
    public static IEnumerable<HealthTarget> Of(RolloutSpec spec, int attempt = 1) =>
        from version in new[] { spec.Stable, spec.Canary }
        where version.Url is not null
        select new HealthTarget(spec.Agent, version.Version, version.Url!, version.Health ?? spec.Health, attempt);

    /// <summary>Makes the next health from a probe's result.</summary>
    /// <param name="before">The health so far.</param>
    /// <param name="fault">What was wrong, or null for a success.</param>
    /// <param name="now">When the probe ended.</param>
    public VersionHealth After(VersionHealth before, string? fault, DateTimeOffset now)
    {
        if (fault is null) return new(true, 0, null, "") { IsProbed = true };
        var failed = before.FailedInARow + 1;
        // Without terms of its own a version is only waited for: it is not ready yet, not unhealthy.
        var isUnhealthy = Spec is not null && failed >= Spec.UnhealthyAfter;
        return new(before.IsReady, failed, isUnhealthy ? before.UnhealthySince ?? now : null, fault) { IsProbed = true };
    }
}
