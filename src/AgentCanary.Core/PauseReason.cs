namespace AgentCanary;

/// <summary>Why a rollout waits.</summary>
public enum PauseReason
{
    /// <summary>It does not wait.</summary>
    None,

    /// <summary>A person paused it.</summary>
    Person,

    /// <summary>The stage asks for a person's approval before it is left.</summary>
    Approval,

    /// <summary>The stage's deadline passed without a verdict.</summary>
    Deadline,

    /// <summary>A check failed in a stage with <c>auto_rollback: false</c>.</summary>
    FailedCheck,

    /// <summary>A health probe of the canary fails.</summary>
    Health,
}
