using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class WorldTests
{
    [Fact]
    public void What_the_canary_does_not_name_is_as_in_stable()
    {
        var world = SomeWorld.Of(stable: "error_rate=0.02,p50_latency=300ms,p95_latency=900ms,refusal_rate=0.1,score.quality=0.7,failure_latency=2s", canary: "p95_latency=1.8s,score.quality=0.6~0.2");
        Assert.Equal((0.02, 0.1, 0.02), (world.CanaryErrorRate, world.Canary.RefusalRate, world.StableErrorRate));
        Assert.Equal(world.Stable.FailureLatency, world.Canary.FailureLatency);
        Assert.Equal(2000, world.Canary.FailureLatency!.Value.Quantile(0.5), 6);
        // One percentile moves the whole distribution and keeps its spread.
        Assert.Equal((600, 1800), (Math.Round(world.Canary.Latency.Quantile(0.5), 6), Math.Round(world.Canary.Latency.Quantile(0.95), 6)));
        Assert.Equal(new Scatter(0.6, 0.2), Assert.Single(world.Canary.Scores).Scatter);
    }

    [Fact]
    public void Figures_of_both_need_not_be_written_twice()
    {
        var world = SomeWorld.Of(both: "success_rate=0.97,p95_latency=1s", canary: "refusal_rate=0.1");
        Assert.Equal((0.03, 0.03, 0, 0.1), (Math.Round(world.StableErrorRate, 9), Math.Round(world.CanaryErrorRate, 9), world.Stable.RefusalRate, world.Canary.RefusalRate));
        Assert.Equal(1000, world.Canary.Latency.Quantile(0.95), 6);
    }

    [Fact]
    public void A_climb_moves_both_versions_by_the_same_odds()
    {
        var world = SomeWorld.Of(stable: "error_rate=0.5%", canary: "error_rate=1%", both: "drift=0.5%..8%/2h");
        Assert.Equal((0.005, 0.01), Rounded(world.ErrorRates(0)));
        var (stable, canary) = world.ErrorRates(3600);
        Assert.Equal(0.0425, stable, 9);
        Assert.Equal((0.01 / 0.99) / (0.005 / 0.995), (canary / (1 - canary)) / (stable / (1 - stable)), 9);
        Assert.Equal(world.ErrorRates(7200), world.ErrorRates(100_000));
        Assert.Equal(0.08, world.ErrorRates(7200).Stable, 9);
    }

    [Theory]
    [InlineData("wave=0.5%..2.5%/24h")]
    [InlineData("wave=0.5..2.5%/24h")]
    [InlineData("wave=0.005..0.025/1d")]
    public void A_wave_goes_up_and_comes_back(string wave)
    {
        var world = SomeWorld.Of(stable: "error_rate=0.005", both: wave);
        Assert.Equal([0.005, 0.015, 0.025, 0.015, 0.005], new[] { 0, 6, 12, 18, 24 }.Select(hour => Math.Round(world.ErrorRates(hour * 3600).Stable, 9)));
    }

    [Fact]
    public void An_incident_makes_so_many_more_fail_while_it_lasts()
    {
        var world = SomeWorld.Of(both: "error_rate=0.01,incident=20%@1h+10m,incident=50%@2h+1m", canary: "incident=100%@3h+1s");
        Assert.Equal((0.208, 0.208), Rounded(world.ErrorRates(3600)));
        Assert.Equal((0.01, 0.01), Rounded(world.ErrorRates(4200)));
        Assert.Equal((0.505, 0.505), Rounded(world.ErrorRates(7200)));
        Assert.Equal((0.01, 1), Rounded(world.ErrorRates(10_800)));
    }

    [Fact]
    public void A_late_canary_is_like_stable_until_it_turns()
    {
        var world = SomeWorld.Of(stable: "error_rate=0.01", canary: "error_rate=0.2,p95_latency=9s,late=25m");
        Assert.True(world.IsLate);
        Assert.Equal((0.01, 0.01), Rounded(world.ErrorRates(1499)));
        Assert.Equal((0.01, 0.2), Rounded(world.ErrorRates(1500)));
        Assert.Same(world.Stable, world.Model(Variant.Canary, 1499));
        Assert.Same(world.Canary, world.Model(Variant.Canary, 1500));
    }

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void The_mean_over_users_is_the_rate_whatever_the_rate_is(double rate)
    {
        var world = SomeWorld.Of(stable: "error_rate=0.1", both: "icc=0.2", users: 1000);
        var random = new AgentCanary.Planning.SplitMix64(3);
        var rates = Enumerable.Range(0, 50_000).Select(_ => world.Personal(world.DrawProneness(random), rate)).ToArray();
        Assert.InRange(rates.Average(), rate * 0.97, rate * 1.03);
        Assert.All(rates, one => Assert.InRange(one, 0, 1));
    }

    [Fact]
    public void Failures_of_a_user_are_alike_by_the_intraclass_correlation()
    {
        var world = SomeWorld.Of(stable: "error_rate=0.1", both: "icc=0.2", users: 1000);
        var random = new AgentCanary.Planning.SplitMix64(3);
        var rates = Enumerable.Range(0, 50_000).Select(_ => world.DrawProneness(random)).ToArray();
        Assert.InRange(rates.Average(rate => (rate - 0.1) * (rate - 0.1)) / (0.1 * 0.9), 0.19, 0.21);
    }

    [Fact]
    public void Metrics_that_nothing_feeds_are_named()
    {
        var spec = SomeWorld.Short with
        {
            Stages = [new(Weight.Full) { Checks = [Check.Parse("score.quality_delta > -0.02"), Check.Parse("cost_per_request_increase < 0.5"), Check.Parse("p95_ttft < 1s"), Check.Parse("error_rate < 0.1")] }],
        };
        Assert.Equal(["score.quality", "cost_per_request", "p95_ttft"], SomeWorld.Of().Unfed(spec).AsEnumerable());
        Assert.Equal(["cost_per_request"], SomeWorld.Of(stable: "p50_ttft=100ms,score.quality=0.8").Unfed(spec).AsEnumerable());
    }

    private static (double, double) Rounded((double Stable, double Canary) rates) => (Math.Round(rates.Stable, 9), Math.Round(rates.Canary, 9));
}
