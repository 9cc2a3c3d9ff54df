namespace AgentCanary.Shadow;

/// <summary>Which of two answers a judge prefers, in the order in which it was shown them.</summary>
public enum JudgeChoice
{
    /// <summary>Neither.</summary>
    Tie,

    /// <summary>The first one, <c>a</c>.</summary>
    First,

    /// <summary>The second one, <c>b</c>.</summary>
    Second,
}
