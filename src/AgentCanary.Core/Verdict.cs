namespace AgentCanary;

/// <summary>What the evidence says of a check, or of a stage.</summary>
public enum Verdict
{
    /// <summary>Not enough, or not usable, evidence.</summary>
    Inconclusive,

    /// <summary>The evidence shows that the bound is kept.</summary>
    Pass,

    /// <summary>The evidence shows that the bound is broken.</summary>
    Fail,
}
