namespace AgentCanary;

/// <summary>What a check says when nothing feeds its metric.</summary>
public enum NoData
{
    /// <summary>No verdict: the stage is not left, and nothing rolls back.</summary>
    Hold,

    /// <summary>The check passes.</summary>
    Pass,

    /// <summary>The check fails.</summary>
    Fail,
}
