namespace AgentCanary;

/// <summary>Which of the two versions of an agent serves.</summary>
public enum Variant
{
    /// <summary>The version that was there before.</summary>
    Stable,

    /// <summary>The version that is being rolled out.</summary>
    Canary,
}
