namespace AgentCanary;

/// <summary>Where a rollout stands. <see cref="Completed"/> and <see cref="RolledBack"/> are terminal.</summary>
public enum Phase
{
    /// <summary>Accepted, no canary traffic yet.</summary>
    Pending,

    /// <summary>In a stage; it moves on by itself.</summary>
    Progressing,

    /// <summary>In a stage; it waits for a person. It still rolls back by itself.</summary>
    Paused,

    /// <summary>The canary serves everybody.</summary>
    Completed,

    /// <summary>Stable serves everybody; only a person starts a new attempt.</summary>
    RolledBack,
}
