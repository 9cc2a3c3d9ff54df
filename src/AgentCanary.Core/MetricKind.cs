namespace AgentCanary;

/// <summary>What a check measures.</summary>
public enum MetricKind
{
    /// <summary>How many requests were finished.</summary>
    Requests,

    /// <summary>The share of counted calls that did not fail.</summary>
    SuccessRate,

    /// <summary>The share of counted calls that failed.</summary>
    ErrorRate,

    /// <summary>The number of safety violations.</summary>
    SafetyViolations,

    /// <summary>The share of counted calls that the model declined.</summary>
    RefusalRate,

    /// <summary>The share of counted calls that a limit cut short.</summary>
    TruncationRate,

    /// <summary>The share of counted calls with a failed tool call.</summary>
    ToolErrorRate,

    /// <summary>The share of all finished calls that a quota refused.</summary>
    RateLimitedRate,

    /// <summary>The share of counted calls whose stream broke.</summary>
    StreamBreakRate,

    /// <summary>A percentile of latency, in milliseconds.</summary>
    LatencyQuantile,

    /// <summary>A percentile of the time to the first content, in milliseconds.</summary>
    FirstContentQuantile,

    /// <summary>The mean latency, in milliseconds.</summary>
    MeanLatency,

    /// <summary>The mean of a named score.</summary>
    Score,

    /// <summary>The mean number of tokens of a call.</summary>
    TokensPerRequest,

    /// <summary>The mean cost of a call.</summary>
    CostPerRequest,

    /// <summary>The share of shadowed pairs that agree.</summary>
    ShadowAgreement,
}
