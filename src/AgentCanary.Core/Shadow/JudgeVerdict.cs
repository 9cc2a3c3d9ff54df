namespace AgentCanary.Shadow;

/// <summary>What a judge says of a pair of answers that it was shown in both orders.</summary>
public enum JudgeVerdict
{
    /// <summary>Neither is better, in both orders.</summary>
    Tie,

    /// <summary>The canary's is better, in both orders.</summary>
    Canary,

    /// <summary>Stable's is better, in both orders.</summary>
    Stable,

    /// <summary>The two orders say different things, so that the place of an answer may have decided: counts as a tie.</summary>
    Split,
}
