namespace AgentCanary;

/// <summary>What happens when a stage's longest time has passed without a verdict.</summary>
public enum OnDeadline
{
    /// <summary>The rollout waits for a person.</summary>
    Pause,

    /// <summary>The rollout rolls back.</summary>
    RollBack,

    /// <summary>The rollout goes on to the next stage, unless a check fails.</summary>
    Promote,
}
