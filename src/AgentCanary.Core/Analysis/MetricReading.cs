using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>A metric's value in a window, and on how many observations it rests. The value is null where there are none.</summary>
internal readonly record struct MetricReading(double? Value, long Count)
{
    // What the rest shows may be another thing than what all of them would: above this share nobody should rely on it.
    private const double MostUntold = 0.05;

    /// <summary>Gets how many answers should have told a figure and did not. They are in neither the value nor the count.</summary>
    public long Untold { get; init; }

    /// <summary>Gets whether so many answers did not tell the figure that the others may be of another kind.</summary>
    public bool IsPartial => Untold > MostUntold * (Untold + Count);

    public static MetricReading Of(Metric metric, MetricWindow window) => Of(metric, window, metric.Quantile);

    /// <summary>Reads a metric, a percentile at another place than its own.</summary>
    public static MetricReading Of(Metric metric, MetricWindow window, double quantile) => metric.Kind switch
    {
        MetricKind.Requests => new(window.Finished, window.Finished),
        MetricKind.SafetyViolations => new(window.SafetyViolations, window.Counted),
        MetricKind.ErrorRate => Share(window.Failed, window.Counted),
        MetricKind.SuccessRate => Share(window.Counted - window.Failed, window.Counted),
        MetricKind.RefusalRate => Share(window[OutcomeClass.Refusal], window.Counted),
        MetricKind.TruncationRate => Share(window[OutcomeClass.Truncated], window.Counted),
        MetricKind.ToolErrorRate => Share(window[OutcomeClass.ToolError], window.Counted),
        MetricKind.StreamBreakRate => Share(window[OutcomeClass.StreamBroken], window.Counted),
        MetricKind.RateLimitedRate => Share(window[OutcomeClass.RateLimited], window.Finished),
        MetricKind.LatencyQuantile => Duration(window.Latency, quantile),
        MetricKind.FirstContentQuantile => Duration(window.FirstContent, quantile),
        MetricKind.MeanLatency => new(window.MeanLatency?.TotalMilliseconds, window.Latency?.Count ?? 0),
        MetricKind.TokensPerRequest => new(window.TokensPerRequest, window.TokenCount) { Untold = window.UsageUnknown },
        MetricKind.CostPerRequest => new(window.CostPerRequest, window.CostCount) { Untold = window.Unpriced },
        MetricKind.Score => Score(window, metric.ScoreName!),
        MetricKind.ShadowAgreement => Score(window, Metric.Agreement) with { Untold = window.Score(Metric.Refused)?.Count ?? 0 },
        _ => default,
    };

    private static MetricReading Share(long part, long whole) => new(whole == 0 ? null : part / (double)whole, whole);

    private static MetricReading Duration(LatencySnapshot? histogram, double quantile) => new(histogram?.Quantile(quantile)?.TotalMilliseconds, histogram?.Count ?? 0);

    private static MetricReading Score(MetricWindow window, string name) => window.Score(name) is { Count: > 0 } moments ? new(moments.Mean, moments.Count) : default;
}
