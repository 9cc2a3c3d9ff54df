namespace AgentCanary.Core.Tests;

public class CheckTests
{
    [Theory]
    [InlineData("error_rate_increase < 0.10", MetricKind.ErrorRate, CheckComparison.Relative, CheckOperator.Less, 0.10)]
    [InlineData("p95_latency<400ms", MetricKind.LatencyQuantile, CheckComparison.Own, CheckOperator.Less, 400)]
    [InlineData("p99_ttft <= 1.5s", MetricKind.FirstContentQuantile, CheckComparison.Own, CheckOperator.LessOrEqual, 1500)]
    [InlineData("mean_latency_delta < 0.5m", MetricKind.MeanLatency, CheckComparison.Delta, CheckOperator.Less, 30_000)]
    [InlineData("success_rate >= 99%", MetricKind.SuccessRate, CheckComparison.Own, CheckOperator.GreaterOrEqual, 0.99)]
    [InlineData("task_completion_regression < 0.02", MetricKind.Score, CheckComparison.Relative, CheckOperator.Less, 0.02)]
    [InlineData("score.quality_delta > -0.01", MetricKind.Score, CheckComparison.Delta, CheckOperator.Greater, -0.01)]
    [InlineData("safety_violations == 0", MetricKind.SafetyViolations, CheckComparison.Own, CheckOperator.Equal, 0)]
    [InlineData("  cost_per_request_increase   <   50% ", MetricKind.CostPerRequest, CheckComparison.Relative, CheckOperator.Less, 0.5)]
    public void A_rule_is_metric_operator_number_and_unit(string text, MetricKind kind, CheckComparison comparison, CheckOperator op, double threshold)
    {
        var check = Check.Parse(text);
        Assert.Equal((kind, comparison, op, threshold), (check.Metric.Kind, check.Comparison, check.Operator, check.Threshold));
    }

    [Theory]
    [InlineData("error_rate", "has no operator")]
    [InlineData("eror_rate < 0.1", "'eror_rate' is not a metric: use one of requests")]
    [InlineData("p97_latency < 1s", "'p97_latency' is not a metric")]
    [InlineData("error_rate != 0", "unknown operator: use <, <=, >, >= or ==")]
    [InlineData("error_rate < x", "'x' is not a number")]
    [InlineData("error_rate < NaN", "'NaN' is not a number")]
    [InlineData("error_rate < 1e999", "is not a number")]
    [InlineData("error_rate < 5 apples", "is not a number")]
    [InlineData("error_rate < 5ms", "has a unit of time, and error_rate here is a plain figure: write 5")]
    [InlineData("p95_latency < 400", "'400' needs a unit of time: write 400ms, 400s or 400m")]
    [InlineData("p95_latency_increase < 30ms", "has a unit of time")]
    [InlineData("requests_increase < 0.1", "'requests_increase' cannot be compared with control")]
    [InlineData("error_rate < 0.1 && true", "is not a number")]
    public void What_is_not_a_rule_is_refused_with_what_would_be_right(string text, string fault)
    {
        Assert.False(Check.TryParse(text, out _, out var said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
    }
}
