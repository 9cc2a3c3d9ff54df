namespace AgentCanary;

/// <summary>Which side of the comparison a request counts for.</summary>
public enum Arm
{
    /// <summary>Not part of the comparison: forced, pinned by others, excluded or not eligible.</summary>
    Outside,

    /// <summary>Eligible for the split and served by stable.</summary>
    Control,

    /// <summary>Eligible for the split and served by the canary.</summary>
    Canary,
}
