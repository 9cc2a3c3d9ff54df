namespace AgentCanary.Server.Controller;

/// <summary>What became of a command.</summary>
public enum CommandStatus
{
    /// <summary>Done and durable.</summary>
    Done,

    /// <summary>The agent has no rollout.</summary>
    NotFound,

    /// <summary>The phase does not allow it, or other terms are already running; nothing changed.</summary>
    Refused,

    /// <summary>The asker looked at an older revision; nothing changed.</summary>
    Stale,

    /// <summary>The store could not keep it. A rollback is served all the same; anything else changed nothing.</summary>
    NotStored,
}
