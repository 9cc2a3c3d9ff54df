using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class BaselineTests
{
    [Fact]
    public void Figures_are_read_by_the_metric_names_of_checks()
    {
        var (baseline, faults) = Baseline.Parse("error_rate=2%, p50_latency=300ms,p95_latency=1.2s,score.quality=0.7,task_completion=0.9,cost_per_request=0.004");
        Assert.Empty(faults);
        Assert.Equal((0.02, 0.9, 0.7), (baseline!.ErrorRate, baseline.Given("task_completion_rate"), baseline.Given("score.quality")));
        Assert.Equal(300, baseline.Latency.Quantile(0.5), 6);
        Assert.Equal(1200, baseline.Latency.Quantile(0.95), 6);
        Assert.Equal(0.05, baseline.Latency.AtLeast(1200), 6);
    }

    [Fact]
    public void What_is_not_given_is_assumed()
    {
        Assert.Equal((0.01, 0), (Baseline.Assumed.ErrorRate, Baseline.Assumed.SafetyRate));
        Assert.Equal(800, Baseline.Assumed.Latency.Quantile(0.95), 6);
        Assert.Equal(0.03, Baseline.Parse("success_rate=0.97").Baseline!.ErrorRate, 9);
    }

    [Theory]
    [InlineData("eror_rate=0.01", "'eror_rate' is not a metric: did you mean 'error_rate'?")]
    [InlineData("error_rate", "'error_rate' is not a figure: write METRIC=VALUE, such as error_rate=0.01")]
    [InlineData("error_rate=5", "error_rate is '5': write a share of 0 to 1, such as 0.01 or 1%")]
    [InlineData("error_rate=NaN", "error_rate: 'NaN' is not a number")]
    [InlineData("p95_latency=800", "p95_latency: '800' needs a unit of time: write 800ms, 800s or 800m")]
    [InlineData("p95_latency=0ms", "p95_latency is '0ms': write a time above 0, such as 800ms")]
    [InlineData("error_rate_increase=0.1", "'error_rate_increase' compares two versions, and a figure is of one: write error_rate=VALUE")]
    [InlineData("requests=5", "the traffic is --rate")]
    [InlineData("error_rate=0.01,error_rate=0.02", "error_rate is given twice: write it once")]
    [InlineData("error_rate=0.01,success_rate=0.9", "error_rate and success_rate do not add up to 1")]
    [InlineData("p50_latency=2s,p95_latency=1s", "p95_latency is not above p50_latency")]
    public void A_figure_that_cannot_be_is_refused(string text, string expected) =>
        Assert.Contains(Baseline.Parse(text).Faults, fault => fault.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Every_fault_is_told_at_once() => Assert.Equal(3, Baseline.Parse("eror_rate=0.01,p95_latency=800,score.quality=7").Faults.Length);
}
