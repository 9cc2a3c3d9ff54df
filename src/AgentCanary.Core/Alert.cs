namespace AgentCanary;

/// <summary>A finding about the rollout itself, not about its canary, that only people can mend. Each is told once in a stage, as an event.</summary>
public enum Alert
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>The canary has another share of the users than the plan says: routing or logging is broken.</summary>
    Share,

    /// <summary>The canary is called, and none of its outcomes arrive.</summary>
    Silence,

    /// <summary>Too many answers take longer than the outcome deadline.</summary>
    LateAnswers,

    /// <summary>What was reported after the rollout had completed speaks against the version that now serves everybody.</summary>
    LateRegression,
}
