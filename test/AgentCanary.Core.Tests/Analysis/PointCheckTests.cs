using AgentCanary.Analysis;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis;

public class PointCheckTests
{
    [Theory]
    // The relative line is canary ≤ (1 + x) · control + 0.001, so a zero baseline is defined.
    [InlineData("error_rate_increase < 0.10", 1000, 1, 1000, 0, Verdict.Pass)]
    [InlineData("error_rate_increase < 0.10", 1000, 2, 1000, 0, Verdict.Fail)]
    [InlineData("error_rate_increase < 0.10", 1000, 111, 1000, 100, Verdict.Pass)]
    [InlineData("error_rate_increase < 0.10", 1000, 112, 1000, 100, Verdict.Fail)]
    [InlineData("error_rate_delta < 0.01", 1000, 19, 1000, 10, Verdict.Pass)]
    [InlineData("error_rate_delta < 0.01", 1000, 20, 1000, 10, Verdict.Fail)]
    [InlineData("error_rate_delta <= 0.05", 100, 5, 100, 0, Verdict.Pass)]
    [InlineData("error_rate_delta <= 0.05", 100, 6, 100, 0, Verdict.Fail)]
    [InlineData("success_rate >= 0.99", 1000, 10, 1000, 0, Verdict.Pass)]
    [InlineData("success_rate >= 0.99", 1000, 11, 1000, 0, Verdict.Fail)]
    [InlineData("error_rate < 2%", 1000, 19, 1000, 0, Verdict.Pass)]
    [InlineData("success_rate_regression < 0.02", 1000, 20, 1000, 0, Verdict.Pass)]
    [InlineData("success_rate_regression < 0.02", 1000, 22, 1000, 0, Verdict.Fail)]
    public void Rates_are_compared_as_the_contract_says(string check, int canary, int canaryFailed, int control, int controlFailed, Verdict expected)
    {
        var result = Arms.Input(Arms.Window(canary, canaryFailed), Arms.Window(control, controlFailed), check).Analyze();
        Assert.Equal(expected, result.Verdict);
        Assert.Equal((canary, check), ((int)result.Checks[0].CanaryCount, result.Checks[0].Check));
    }

    [Theory]
    [InlineData("p95_latency < 400ms", 100, 100, Verdict.Pass)]
    [InlineData("p95_latency < 0.4s", 500, 100, Verdict.Fail)]
    [InlineData("p95_latency_increase < 0.30", 120, 100, Verdict.Pass)]
    [InlineData("p95_latency_increase < 0.30", 150, 100, Verdict.Fail)]
    [InlineData("mean_latency < 200ms", 100, 100, Verdict.Pass)]
    public void Latencies_are_compared_over_the_same_requests(string check, double canary, double control, Verdict expected) =>
        Assert.Equal(expected, Arms.Input(Arms.Window(200, latencyMs: canary), Arms.Window(200, latencyMs: control), check).Analyze().Verdict);

    [Theory]
    [InlineData("refusal_rate < 0.1", OutcomeClass.Refusal), InlineData("truncation_rate < 0.1", OutcomeClass.Truncated)]
    [InlineData("tool_error_rate < 0.1", OutcomeClass.ToolError), InlineData("stream_break_rate < 0.1", OutcomeClass.StreamBroken), InlineData("rate_limited_rate < 0.1", OutcomeClass.RateLimited)]
    public void Every_class_with_a_rate_of_its_own_can_be_checked(string check, OutcomeClass outcomeClass)
    {
        Assert.Equal(Verdict.Fail, Arms.Input(Arms.Window(200, 30, failure: outcomeClass), Arms.Window(200), check).Analyze().Verdict);
        Assert.Equal(Verdict.Pass, Arms.Input(Arms.Window(200, 10, failure: outcomeClass), Arms.Window(200), check).Analyze().Verdict);
    }

    [Fact]
    public void Scores_and_task_completion_are_means_of_what_agents_reported()
    {
        var canary = Arms.Window(Enumerable.Range(0, 100).Select(i => new Outcome { Scores = [new("quality", 0.7), new("task_completion", i % 10 == 0 ? 0 : 1)] }));
        var control = Arms.Window(Enumerable.Range(0, 100).Select(_ => new Outcome { Scores = [new("quality", 0.8), new("task_completion", 1)] }));
        Assert.Equal(Verdict.Pass, Arms.Input(canary, control, "score.quality >= 0.65").Analyze().Verdict);
        Assert.Equal(Verdict.Fail, Arms.Input(canary, control, "score.quality_delta > -0.05").Analyze().Verdict);
        Assert.Equal(Verdict.Fail, Arms.Input(canary, control, "task_completion_regression < 0.02").Analyze().Verdict);
        Assert.Equal(Verdict.Pass, Arms.Input(canary, control, "task_completion_rate_regression < 0.11").Analyze().Verdict);
    }

    [Fact]
    public void Cost_and_tokens_are_compared_where_they_are_known()
    {
        var canary = Arms.Window(Enumerable.Range(0, 100).Select(_ => new Outcome { Tokens = 300, Cost = 0.03 }));
        var control = Arms.Window(Enumerable.Range(0, 100).Select(_ => new Outcome { Tokens = 290, Cost = 0.01 }));
        Assert.Equal(Verdict.Pass, Arms.Input(canary, control, "tokens_per_request_increase < 0.1").Analyze().Verdict);
        Assert.Equal(Verdict.Fail, Arms.Input(canary, control, "cost_per_request_increase < 0.5").Analyze().Verdict);
    }

    [Theory]
    [InlineData(NoData.Hold, Verdict.Inconclusive), InlineData(NoData.Pass, Verdict.Pass), InlineData(NoData.Fail, Verdict.Fail)]
    public void A_metric_that_nothing_feeds_says_what_the_check_says_of_no_data(NoData noData, Verdict expected)
    {
        var result = Arms.Input(Arms.Window(200), Arms.Window(200), "score.quality >= 0.5").With(check => check with { NoData = noData }).Analyze();
        Assert.Equal(expected, result.Verdict);
        Assert.Contains("has no data", result.Checks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_failure_needs_as_many_requests_as_the_stage_or_50_whichever_is_fewer_in_each_compared_arm()
    {
        Assert.Equal(Verdict.Inconclusive, Arms.Input(Arms.Window(49, 49), Arms.Window(500), "error_rate_increase < 0.1").Analyze().Verdict);
        Assert.Equal(Verdict.Inconclusive, Arms.Input(Arms.Window(500, 500), Arms.Window(49), "error_rate_increase < 0.1").Analyze().Verdict);
        Assert.Equal(Verdict.Fail, Arms.Input(Arms.Window(50, 5), Arms.Window(50), "error_rate_increase < 0.1").Analyze().Verdict);
        var early = Arms.Input(Arms.Window(10, 5), Arms.Window(10), "error_rate_increase < 0.1");
        Assert.Equal(Verdict.Fail, (early with { Stage = early.Stage with { MinRequests = 10 } }).Analyze().Verdict);
    }

    [Theory]
    [InlineData("p95_latency_increase < 0.3", 60, 6, Verdict.Inconclusive), InlineData("p95_latency_increase < 0.3", 60, 12, Verdict.Fail)]
    [InlineData("p95_latency < 200ms", 100, 8, Verdict.Inconclusive), InlineData("p95_latency < 200ms", 100, 100, Verdict.Fail)]
    [InlineData("p95_latency < 200ms", 400, 24, Verdict.Fail), InlineData("p99_latency < 200ms", 300, 6, Verdict.Inconclusive)]
    public void A_percentile_is_not_broken_by_fewer_than_ten_requests(string check, int requests, int slow, Verdict expected)
    {
        var canary = Arms.Window(Enumerable.Range(0, requests).Select(i => new Outcome { Latency = TimeSpan.FromMilliseconds(i < slow ? 500 : 100) }));
        Assert.Equal(expected, Arms.Input(canary, Arms.Window(2000), check).Analyze().Verdict);
    }

    [Fact]
    public void Old_success_does_not_hide_new_failure()
    {
        var input = Arms.Input(Arms.Window(100_000), Arms.Window(100_000), "error_rate_delta < 0.05") with { CanaryFast = Arms.Window(600, 120), ControlFast = Arms.Window(600) };
        var result = input.Analyze();
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.EndsWith("in the last minute", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absolute_bound_that_both_versions_break_says_nothing_against_the_canary()
    {
        Assert.Equal(Verdict.Inconclusive, Arms.Input(Arms.Window(500, 100), Arms.Window(500, 100), "success_rate >= 0.99").Analyze().Verdict);
        Assert.Equal(Verdict.Fail, Arms.Input(Arms.Window(500, 200), Arms.Window(500, 100), "success_rate >= 0.99").Analyze().Verdict);
        Assert.Equal(Verdict.Inconclusive, Arms.Input(Arms.Window(500, latencyMs: 900), Arms.Window(500, latencyMs: 900), "p95_latency < 400ms").Analyze().Verdict);
    }

    [Fact]
    public void Without_any_control_an_absolute_bound_still_holds() =>
        Assert.Equal(Verdict.Fail, Arms.Input(Arms.Window(500, 500), MetricWindow.Empty, "success_rate >= 0.9").Analyze().Verdict);

    [Fact]
    public void Where_no_control_exists_a_comparison_neither_blocks_nor_passes_and_the_last_control_can_only_fail_it()
    {
        var input = Arms.Input(Arms.Window(500, 5), MetricWindow.Empty, "error_rate_increase < 0.10") with { HasControl = false };
        Assert.Equal((Verdict.Pass, Verdict.Inconclusive), (input.Analyze().Verdict, input.Analyze().Checks[0].Verdict));
        Assert.Contains("no control", input.Analyze().Checks[0].Reason, StringComparison.Ordinal);

        var good = input with { LastControl = Arms.Window(500, 5) };
        Assert.Equal((Verdict.Pass, Verdict.Inconclusive), (good.Analyze().Verdict, good.Analyze().Checks[0].Verdict));
        Assert.Equal(Verdict.Fail, (input with { LastControl = Arms.Window(500) }).Analyze().Verdict);
    }

    [Theory]
    [InlineData(OnFail.Hold, Verdict.Inconclusive), InlineData(OnFail.Warn, Verdict.Pass), InlineData(OnFail.RollBack, Verdict.Fail)]
    public void A_failed_check_does_what_its_file_says(OnFail onFail, Verdict expected) =>
        Assert.Equal(expected, Arms.Input(Arms.Window(200, 100), Arms.Window(200), "error_rate_increase < 0.1").With(check => check with { OnFail = onFail }).Analyze().Verdict);

    [Fact]
    public void Too_few_requests_of_any_kind_are_no_failure_of_a_check_on_their_number() =>
        Assert.Equal(Verdict.Inconclusive, Arms.Input(Arms.Window(200), Arms.Window(200), "requests >= 500").Analyze().Verdict);
}
