namespace AgentCanary;

/// <summary>What a failed check does.</summary>
public enum OnFail
{
    /// <summary>The rollout rolls back.</summary>
    RollBack,

    /// <summary>The stage is not left.</summary>
    Hold,

    /// <summary>The failure is reported, nothing else.</summary>
    Warn,
}
