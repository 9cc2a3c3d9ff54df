using AgentCanary.Analysis;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

public class SequentialAnalysisTests
{
    private static readonly Weight Five = Weight.FromPercent(5);

    [Fact]
    public void An_equal_canary_is_hardly_ever_rolled_back_though_everybody_looks_every_second()
    {
        var rolledBack = Enumerable.Range(0, 60).Count(seed => Until(new(seed, Five, "error_rate_increase < 0.10"), 1200, world => world.Second(50, 0.01, 0.01), Verdict.Fail) is not null);
        Assert.InRange(rolledBack, 0, 3); // 1 % of 60 is 0.6; above 3 is less likely than 1 in 300
    }

    [Fact]
    public void A_fivefold_error_rate_is_found_in_about_two_hundred_canary_requests()
    {
        var found = Enumerable.Range(0, 60).Select(seed => Until(new(seed, Five, "error_rate_increase < 0.10"), 1200, world => world.Second(50, 0.01, 0.05), Verdict.Fail)).ToList();
        Assert.DoesNotContain(null, found);
        Assert.InRange(found.Average()!.Value, 120, 320);
    }

    [Fact]
    public void Half_of_all_requests_failing_is_found_in_a_handful()
    {
        var found = Enumerable.Range(0, 40).Select(seed => Until(new(seed, Five, "error_rate_increase < 0.10"), 600, world => world.Second(10, 0.01, 0.5), Verdict.Fail)).ToList();
        Assert.DoesNotContain(null, found);
        Assert.InRange(found.Average()!.Value, 3, 16);
    }

    [Fact]
    public void An_equal_canary_is_proven_good_enough_and_promoted()
    {
        var promoted = Enumerable.Range(0, 30).Select(seed => Until(new(seed, Five, "error_rate_increase < 0.10"), 2400, world => world.Second(50, 0.01, 0.01), Verdict.Pass)).ToList();
        Assert.InRange(promoted.Count(requests => requests is null), 0, 1);
        Assert.InRange(promoted.OfType<long>().Average(), 200, 700);
    }

    [Fact]
    public void A_base_rate_that_climbs_in_both_versions_rolls_no_canary_back()
    {
        var rolledBack = Enumerable.Range(0, 40).Count(seed =>
        {
            var second = 0;
            return Until(new(seed, Five, "error_rate_increase < 0.10"), 900, world => world.Second(50, 0.005 + (second / 12_000.0), 0.005 + (second++ / 12_000.0)), Verdict.Fail) is not null;
        });
        Assert.InRange(rolledBack, 0, 2);
    }

    [Fact]
    public void A_canary_twice_as_slow_is_found_and_an_equal_one_is_not()
    {
        Assert.All(Enumerable.Range(0, 10), seed => Assert.NotNull(Until(new(seed, Weight.FromPercent(25), "p95_latency_increase < 0.3"), 900, world => world.Second(40, 0, 0, 100, 220), Verdict.Fail)));
        Assert.InRange(Enumerable.Range(0, 20).Count(seed => Until(new(seed, Weight.FromPercent(25), "p95_latency_increase < 0.3"), 600, world => world.Second(40, 0, 0), Verdict.Fail) is not null), 0, 1);
    }

    [Fact]
    public void An_equally_fast_canary_is_proven_fast_enough_and_promoted()
    {
        var promoted = Enumerable.Range(0, 20).Select(seed => Until(new(seed, Weight.FromPercent(25), "p95_latency_increase < 0.5"), 1200, world => world.Second(40, 0.01, 0.01), Verdict.Pass)).ToList();
        Assert.InRange(promoted.Count(requests => requests is null), 0, 1);
        Assert.InRange(promoted.OfType<long>().Average(), 50, 1500);
    }

    [Fact]
    public void A_canary_as_slow_as_its_margin_is_hardly_ever_proven_fast_enough() =>
        Assert.InRange(Enumerable.Range(0, 40).Count(seed => Until(new(seed, Weight.FromPercent(25), "p95_latency_increase < 0.5"), 200, world => world.Second(40, 0, 0, 100, 230), Verdict.Pass) is not null), 0, 6);

    [Fact]
    public void A_promotion_that_need_only_be_observed_asks_for_the_minimum_of_requests_and_says_that_it_is_no_proof()
    {
        var world = new World(1, Five, "error_rate_increase < 0.10");
        AnalysisResult Observed() => world.Analyze(input => input with { PromotionObserved = true });
        while (world.Canary.Finished < 49) world.Second(1, 0, 0);
        Assert.Equal(Verdict.Inconclusive, Observed().Verdict);
        while (world.Canary.Finished < 50) world.Second(1, 0, 0);
        Assert.Equal((Verdict.Inconclusive, Verdict.Pass), (world.Analyze().Verdict, Observed().Verdict));
        Assert.EndsWith("; observed, not proven", Observed().Checks[0].Reason, StringComparison.Ordinal);
        Assert.Equal("the check holds on 50 canary requests; observed, not proven", Observed().Reason);
        while (world.Canary.Failed < 1) world.Second(1, 0, 0.05);
        Assert.Equal(Verdict.Inconclusive, Observed().Verdict);
        Assert.Contains("; what was seen does not keep it; ", Observed().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absolute_bound_is_judged_by_evidence_and_not_against_a_canary_whose_stable_breaks_it_too()
    {
        Assert.NotNull(Until(new(1, Five, "success_rate >= 0.95"), 900, world => world.Second(50, 0.01, 0.15), Verdict.Fail));
        Assert.Null(Until(new(1, Five, "success_rate >= 0.95"), 900, world => world.Second(50, 0.15, 0.15), Verdict.Fail));
    }

    [Fact]
    public void The_evidence_is_the_same_to_the_bit_after_it_was_written_and_read()
    {
        var through = new World(7, Five, "error_rate_increase < 0.10", "p95_latency_increase < 0.5", "success_rate >= 0.9");
        for (var i = 0; i < 300; i++) through.Second(50, 0.02, 0.03);
        var resumed = SequentialEvidence.Start(through.Terms);
        foreach (var tick in through.Ticks) resumed = EvidenceLaws.Read(EvidenceLaws.Bytes(resumed)).Add(through.Terms, tick);
        Assert.Equal(through.Evidence, resumed);
        Assert.NotEqual(SequentialEvidence.Start(through.Terms), resumed);
    }

    [Fact]
    public void A_percentile_that_is_not_fixed_yet_says_what_it_waits_for_and_promises_no_number()
    {
        var world = new World(1, Five, "p95_latency_increase < 0.5");
        world.Second(100, 0, 0);
        Assert.EndsWith("stable's 95th percentile is fixed after 200 of its answers (95 so far)", world.Analyze().Checks[0].Reason, StringComparison.Ordinal);
    }

    // How many canary requests there were when the verdict was first reached; null where it never was.
    private static long? Until(World world, int seconds, Action<World> second, Verdict verdict)
    {
        for (var i = 0; i < seconds; i++)
        {
            second(world);
            if (world.Analyze().Verdict == verdict) return world.Canary.Finished;
        }
        return null;
    }
}
