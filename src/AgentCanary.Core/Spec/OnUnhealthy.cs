namespace AgentCanary.Spec;

/// <summary>What happens while the canary fails its probes.</summary>
public enum OnUnhealthy
{
    /// <summary>
    /// Stable serves; the rollout goes on when the canary is back, and rolls back after <see cref="HealthSpec.RollbackAfter"/>.
    /// </summary>
    Pause,

    /// <summary>The rollout rolls back at once.</summary>
    RollBack,

    /// <summary>Probes are reported, nothing else.</summary>
    Ignore,
}
