using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>How many times stable's rate the canary's is said to be.</summary>
public sealed class RatioTests
{
    private static readonly Weight Tenth = Weight.FromPercent(10);

    [Theory]
    [InlineData(0.02, 0.02)]
    [InlineData(0.02, 0.06)]
    [InlineData(0.1, 0.05)]
    public void The_true_ratio_is_left_out_at_no_look(double stable, double canary)
    {
        var (wrong, ratio) = (0, canary / stable);
        for (var seed = 0; seed < 60; seed++)
        {
            var world = new World(seed, Tenth, "error_rate_increase < 0.10").WithRatios();
            var isWrong = false;
            for (var second = 0; second < 250; second++)
            {
                // The base rate wanders.
                var factor = 1 + (0.8 * Math.Sin(second / 40.0));
                world.Second(40, stable * factor, canary * factor);
                var (low, high) = Ratio(world);
                isWrong |= low > ratio || high < ratio;
            }
            if (isWrong) wrong++;
        }
        Assert.InRange(wrong, 0, 4);
    }

    [Fact]
    public void Traffic_narrows_it_from_both_ends()
    {
        var world = new World(1, Tenth, "error_rate_increase < 0.10").WithRatios();
        Assert.Equal((null, null), Ratio(world));
        for (var second = 0; second < 1000; second++) world.Second(40, 0.02, 0.06);
        var (low, high) = Ratio(world);
        Assert.InRange(low!.Value, 1.5, 3);
        Assert.InRange(high!.Value, 3, 5);
    }

    [Fact]
    public void A_ratio_that_no_rate_can_exceed_is_never_found_exceeded()
    {
        var terms = new RateTerms { Line = new(0, 20) };
        var state = RateTest.Start(terms);
        for (var block = 0; block < 200; block++) state = RateTest.Add(terms, state, new(20, 4, 10, 9));
        // Before the first block stable was expected to be better.
        Assert.True(state.LogMax < Math.Log(10));
        Assert.Equal(state, RateTest.Add(terms, state, new(0, 0, 10, 10)) with { CanaryCount = state.CanaryCount });
    }

    [Fact]
    public void Checks_of_the_same_answers_share_one_and_percentiles_have_none()
    {
        var world = new World(1, Tenth, "error_rate_increase < 0.10", "success_rate >= 0.9", "refusal_rate < 0.1", "p95_latency_increase < 0.5").WithRatios();
        Assert.Equal([true, false, true, false], world.Terms.Checks.Select(check => check.Ratio is not null));
    }

    private static (double? Low, double? High) Ratio(World world) => new SequentialReading(world.Terms, world.Evidence).Ratio(0);
}
