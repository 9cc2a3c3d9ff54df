using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

public class SequentialTermsTests
{
    [Theory]
    [InlineData("p95_latency_increase < 0.3"), InlineData("p99_ttft_increase <= 0"), InlineData("p50_latency_delta < 20ms"), InlineData("p95_latency < 400ms"), InlineData("p95_ttft < 2s")]
    [InlineData("score.quality_delta > -0.05"), InlineData("score.quality_regression < 0.1"), InlineData("score.quality > 0.8"), InlineData("user_satisfaction >= 4.2")]
    [InlineData("task_completion_regression < 0.02"), InlineData("task_completion_rate >= 0.9"), InlineData("rate_limited_rate_increase < 0.2"), InlineData("tool_error_rate < 0.1")]
    [InlineData("mean_latency < 2s"), InlineData("mean_latency_increase < 0.1"), InlineData("cost_per_request < 0.02"), InlineData("tokens_per_request_increase < 0.2")]
    [InlineData("success_rate_delta >= -0.01"), InlineData("safety_violations == 0"), InlineData("requests > 100"), InlineData("shadow_agreement > 0.9")]
    public void A_bound_on_the_bad_side_has_a_sequential_test(string check) => Assert.True(Check.Parse(check).HasSequentialTest);

    [Theory]
    [InlineData("error_rate > 0.1"), InlineData("score.quality < 0.8"), InlineData("p95_latency >= 1s"), InlineData("success_rate == 1"), InlineData("score.quality_delta > 0.1")]
    [InlineData("error_rate_delta < -0.01"), InlineData("p95_latency_increase > 0.5"), InlineData("score.quality > 1"), InlineData("score.quality > 7"), InlineData("score.quality_regression < 1")]
    [InlineData("cost_per_request_delta < 0.1"), InlineData("mean_latency_delta < 20ms"), InlineData("cost_per_request < 0"), InlineData("shadow_agreement < 0.9"), InlineData("p95_latency < 0ms")]
    public void A_bound_on_the_good_side_and_one_without_a_range_have_none(string check) => Assert.False(Check.Parse(check).HasSequentialTest);

    [Fact]
    public void The_shares_are_the_published_ones_and_one_in_sum()
    {
        var all = Terms("error_rate_increase < 0.1", "success_rate >= 0.9", "task_completion_regression < 0.02", "score.quality_delta > -0.01", "p95_latency_increase < 0.1", "p95_ttft_increase < 0.1");
        double[] expected = [0.2 / 0.8, 0.2 / 0.8, 0.1 / 0.8, 0.1 / 0.8, 0.1 / 0.8, 0.1 / 0.8];
        Assert.All(all.Checks.Zip(expected), pair => Assert.Equal(pair.Second, pair.First.Share, 1e-12));
        Assert.All(all.Checks[4].Tracks, track => Assert.Equal(0.05 / 0.8, track.Share, 1e-12));
        Assert.Equal(1, all.Checks.Sum(check => check.Share), 1e-12);
    }

    [Fact]
    public void A_check_that_may_not_roll_back_has_no_share()
    {
        var terms = SequentialTerms.Of([Check.Parse("error_rate_increase < 0.1"), Check.Parse("p95_latency_increase < 0.1") with { OnFail = OnFail.Hold }], 0.01, 0.05, null);
        Assert.Equal([1.0, 0], terms.Checks.Select(check => check.Share));
    }

    [Fact]
    public void Stable_is_counted_finely_until_its_quantiles_are_frozen_and_by_the_cuts_alone_from_then_on()
    {
        var world = new World(1, Weight.FromPercent(50), "p95_latency_increase < 0.3", "p95_latency < 400ms");
        Assert.Equal([TimeSpan.FromMilliseconds(400).Ticks], Canary(world).Cuts.ToArray());
        Assert.Equal(Quantity.Ladder(Quantity.Latency).Count + 1, Control(world).Count);
        while (!world.Evidence.Calibrations[0].Frozen.Any(cut => cut > 0)) world.Second(10, 0, 0);
        Assert.InRange(world.Control.Finished, 200, 230);
        var p95 = world.Evidence.Calibrations[0].Frozen[3];
        Assert.Equal([(long)Math.Ceiling(p95 * 1.3), TimeSpan.FromMilliseconds(400).Ticks], Canary(world).Cuts.ToArray());
        while (!world.Evidence.Calibrations[0].IsDone) world.Second(10, 0, 0);
        Assert.InRange(world.Control.Finished, 1_000, 1_030);
        Assert.Equal([.. world.Evidence.Calibrations[0].Frozen.Append(TimeSpan.FromMilliseconds(400).Ticks).Append(Quantity.Ladder(Quantity.Latency).Cuts[^1]).Order()], Control(world).Cuts.ToArray());
        Assert.Equal(p95, world.Evidence.Calibrations[0].Frozen[3]);
        Assert.InRange(TimeSpan.FromTicks(p95).TotalMilliseconds, 268 * 0.9, 268 * 1.25); // e^(1.645 · 0.6) · 100, rounded up by an eighth at most
    }

    [Fact]
    public void A_tick_is_never_cut_where_its_own_answers_said()
    {
        var world = new World(3, Weight.FromPercent(50), "p95_latency_increase < 0.3");
        while (!world.Evidence.Calibrations[0].IsDone) world.Second(400, 0, 0);
        world.Second(400, 0, 0); // this tick was open already
        Assert.Equal(0, world.Evidence.Checks[0].Tracks[1].ClosedCanary);
        world.Second(400, 0, 0);
        Assert.True(world.Evidence.Checks[0].Tracks[1].ClosedCanary > 0);
    }

    [Fact]
    public void Evidence_of_other_checks_does_not_fit()
    {
        var terms = Terms("error_rate_increase < 0.1", "p95_latency_increase < 0.1");
        Assert.True(SequentialEvidence.Start(terms).Fits(terms));
        Assert.False(SequentialEvidence.Start(terms).Fits(Terms("p95_latency_increase < 0.1", "error_rate_increase < 0.1")));
        Assert.False(SequentialEvidence.Start(terms).Fits(Terms("error_rate_increase < 0.1", "p95_latency < 1s")));
        Assert.False(SequentialEvidence.Start(terms).Fits(Terms("error_rate_increase < 0.1")));
        Assert.False(SequentialEvidence.Start(terms).Fits(SequentialTerms.Of(terms.Checks.Select(check => check.Check), 0.01, 0.05, 0.02)));
    }

    private static Bins Control(World world) => world.Evidence.Plan(world.Terms).Find(Quantity.Latency, Arm.Control)!;

    private static Bins Canary(World world) => world.Evidence.Plan(world.Terms).Find(Quantity.Latency, Arm.Canary)!;

    private static SequentialTerms Terms(params string[] checks) => SequentialTerms.Of(checks.Select(Check.Parse), 0.01, 0.05, null);
}
