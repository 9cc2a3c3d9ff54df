using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What of a tick is bad for a check, and which rate of it an absolute check allows.</summary>
internal static class AbsoluteTest
{
    /// <summary>The highest rate of bad answers that the check allows.</summary>
    public static double Bound(Check check) => Math.Clamp(
        check.Metric.IsDuration ? 1 - check.Metric.Quantile : check.Metric.HigherIsBetter ? 1 - check.Threshold : check.Threshold, 1e-6, 1 - 1e-6);

    public static Block Counts(Check check, TickTally tick) => new(tick.Control.Counted, Bad(check, tick.Control), tick.Canary.Counted, Bad(check, tick.Canary));

    private static long Bad(Check check, MetricWindow window) => check.Metric.Kind switch
    {
        MetricKind.ErrorRate or MetricKind.SuccessRate => window.Failed,
        MetricKind.RefusalRate => window[OutcomeClass.Refusal],
        MetricKind.TruncationRate => window[OutcomeClass.Truncated],
        MetricKind.ToolErrorRate => window[OutcomeClass.ToolError],
        MetricKind.StreamBreakRate => window[OutcomeClass.StreamBroken],
        MetricKind.LatencyQuantile => window.SlowerThan(CoarseHistogram.EdgeAtOrAbove(TimeSpan.FromMilliseconds(check.Threshold))),
        _ => 0,
    };
}
