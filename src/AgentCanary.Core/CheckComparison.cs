namespace AgentCanary;

/// <summary>What of a metric a check looks at.</summary>
public enum CheckComparison
{
    /// <summary>The canary's own value.</summary>
    Own,

    /// <summary>The relative change in the bad direction against control: suffix <c>_increase</c> or <c>_regression</c>.</summary>
    Relative,

    /// <summary>The canary's value less control's: suffix <c>_delta</c>.</summary>
    Delta,
}
