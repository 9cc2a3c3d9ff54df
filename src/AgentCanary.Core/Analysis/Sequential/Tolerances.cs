using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What a check tolerates, in words: what a rollback disproves, and what a promotion shows.</summary>
internal static class Tolerances
{
    /// <summary>What the evidence of a rollback stands against, such as <c>not more than 1.1x + 0.1 pp worse</c>.</summary>
    public static string Of(Check check) => check.Comparison switch
    {
        CheckComparison.Own => Own(check),
        CheckComparison.Delta => check.Metric switch
        {
            { IsRate: true } => $"not more than {Words.Points(Math.Abs(check.Threshold))} worse",
            { Quantile: > 0 } => $"not more than {Words.Number(check.Threshold)} ms slower {At(check)}",
            _ => $"not more than {Words.Number(Math.Abs(check.Threshold))} {Beyond(check)}",
        },
        _ => check.Metric switch
        {
            { IsRate: true, HigherIsBetter: true } => $"not below {Words.Number(1 - check.Threshold)}x - 0.1 pp",
            { IsRate: true } => $"not more than {Words.Number(1 + check.Threshold)}x + 0.1 pp worse",
            { Quantile: > 0 } => $"not more than {Words.Percent(check.Threshold)} slower {At(check)}",
            _ => $"not more than {Words.Percent(check.Threshold)} {Beyond(check)}",
        },
    };

    /// <summary>What a promotion out of a stage of a weight shows: of a comparing check to be said after "it is", of another after "that".</summary>
    public static string Shown(CheckTerms terms, Weight weight)
    {
        var (check, track) = (terms.Check, terms.Tracks[0]);
        if (!check.Compares) return Own(check);
        return "not more than " + (track.Promotions[terms.PromotionFor(weight)], track.Measure) switch
        {
            (RateTerms, Measure.Spread spread) => $"{Slower(spread)} slower than stable {At(check)}",
            (RateTerms rate, _) => $"{Words.Points(rate.Line.A)} worse than stable{(check.Metric.Kind is MetricKind.ErrorRate or MetricKind.SuccessRate ? "" : $" in {Named(check)}")}",
            (ScoreTerms { Slope: 1 } score, Measure.Mean { Width: { } width }) => $"{Words.Number(score.Margin * width / FixedPoint.Millionths)} {Beyond(check)}",
            (ScoreTerms score, _) => $"{Words.Percent(Math.Abs(score.Slope - 1))} {Beyond(check)}",
            _ => Own(check),
        };
    }

    private static string Own(Check check) => check.Metric switch
    {
        { Kind: MetricKind.SuccessRate } => $"at least {Words.Percent(check.Threshold)} succeed",
        { Kind: MetricKind.ShadowAgreement } => $"at least {Words.Percent(check.Threshold)} of the shadow's answers agree",
        { IsRate: true, HigherIsBetter: true } => $"at least {Words.Percent(check.Threshold)} are completed",
        { IsRate: true } => $"at most {Words.Percent(check.Threshold)} {Bad(check)}",
        { Quantile: > 0 } => $"{Named(check)} is at most {Words.Number(check.Threshold)} ms",
        { Kind: MetricKind.MeanLatency } => $"{Named(check)} is at most {Words.Number(check.Threshold)} ms",
        { HigherIsBetter: true } => $"{Named(check)} is at least {Words.Number(check.Threshold)}",
        _ => $"{Named(check)} is at most {Words.Number(check.Threshold)}",
    };

    /// <summary>What a bad answer does.</summary>
    public static string Bad(Check check) => check.Metric.Kind switch
    {
        MetricKind.RefusalRate => "are refused",
        MetricKind.TruncationRate => "are truncated",
        MetricKind.ToolErrorRate => "have a failed tool call",
        MetricKind.StreamBreakRate => "break off",
        MetricKind.RateLimitedRate => "are rate-limited",
        MetricKind.ShadowAgreement => "disagree",
        MetricKind.Score => "are not completed",
        _ => "fail",
    };

    /// <summary>What one answer tells of a metric.</summary>
    public static string Figure(Check check) => check.Metric.Kind switch
    {
        MetricKind.FirstContentQuantile => "time to first content",
        MetricKind.LatencyQuantile or MetricKind.MeanLatency => "latency",
        MetricKind.CostPerRequest => "cost",
        MetricKind.TokensPerRequest => "tokens",
        _ => Named(check),
    };

    /// <summary>The metric's name in a sentence.</summary>
    public static string Named(Check check) => check.Metric.Kind switch
    {
        MetricKind.ErrorRate or MetricKind.SuccessRate => "errors",
        MetricKind.RefusalRate => "refusals",
        MetricKind.TruncationRate => "truncated answers",
        MetricKind.ToolErrorRate => "failed tool calls",
        MetricKind.StreamBreakRate => "broken streams",
        MetricKind.RateLimitedRate => "rate-limited calls",
        MetricKind.MeanLatency => "mean latency",
        MetricKind.TokensPerRequest => "tokens a request",
        MetricKind.CostPerRequest => "cost a request",
        MetricKind.LatencyQuantile => $"the {check.Metric.Name[..3]} latency",
        MetricKind.FirstContentQuantile => $"the {check.Metric.Name[..3]} time to first content",
        MetricKind.ShadowAgreement => "shadow agreement",
        MetricKind.Score when check.Metric.IsRate => "completed tasks",
        MetricKind.Score => check.Metric.ScoreName!.Replace('_', ' '),
        _ => check.Metric.Name,
    };

    /// <summary>The bad answers of a rate.</summary>
    public static string Counted(Check check) => check.Metric is { Kind: MetricKind.Score, IsRate: true } ? "uncompleted tasks" : Named(check);

    private static string At(Check check) => check.Metric.Kind is MetricKind.FirstContentQuantile ? $"to first content at {check.Metric.Name[..3]}" : $"at {check.Metric.Name[..3]}";

    private static string Beyond(Check check) => $"{(check.Metric.HigherIsBetter ? "below" : "above")} stable in {Named(check)}";

    private static string Slower(Measure.Spread spread) => spread.Offset == 0
        ? Words.Percent(Math.Max(spread.Factor, spread.PromotionFactor) - 1)
        : $"{Words.Number(spread.Offset / (double)TimeSpan.TicksPerMillisecond)} ms or {Words.Percent(spread.PromotionFactor - 1)}";
}
