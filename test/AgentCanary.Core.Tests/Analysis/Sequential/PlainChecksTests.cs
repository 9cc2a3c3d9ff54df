namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>What a rollout in sequence does with checks that no test decides: for lack of data, or of a test.</summary>
public sealed class PlainChecksTests
{
    [Theory]
    [InlineData(NoData.Hold, Verdict.Inconclusive), InlineData(NoData.Pass, Verdict.Pass), InlineData(NoData.Fail, Verdict.Fail)]
    public void A_metric_that_nothing_feeds_says_what_the_check_says_of_no_data(NoData noData, Verdict expected)
    {
        var world = new World(1, Weight.FromPercent(20), [Check.Parse("cost_per_request_increase < 0.5") with { NoData = noData }]);
        for (var second = 0; second < 30; second++) world.Second(20, 0, 0);
        Assert.Equal(expected, world.Analyze().Verdict);
    }

    [Fact]
    public void Nothing_fails_for_lack_of_data_before_the_stage_has_its_requests()
    {
        var world = new World(1, Weight.FromPercent(20), [Check.Parse("cost_per_request_increase < 0.5") with { NoData = NoData.Fail }]);
        world.Second(20, 0, 0);
        Assert.Equal(Verdict.Inconclusive, world.Analyze().Verdict);
    }

    [Fact]
    public void A_check_that_no_test_can_prove_is_judged_by_plain_figures_and_says_so()
    {
        var world = new World(1, Weight.FromPercent(50), "error_rate == 0");
        for (var second = 0; second < 10; second++) world.Second(20, 0, 0);
        Assert.Equal(Verdict.Pass, world.Analyze().Verdict);
        for (var second = 0; second < 10; second++) world.Second(20, 0, 0.2);
        var result = world.Analyze();
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("no test proves such a check", result.Reason, StringComparison.Ordinal);
    }
}
