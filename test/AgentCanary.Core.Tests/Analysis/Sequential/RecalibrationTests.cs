using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>Stable becomes another one than it was when its percentiles were frozen.</summary>
public sealed class RecalibrationTests
{
    private static readonly Weight Quarter = Weight.FromPercent(25);

    [Fact]
    public void A_canary_is_proven_fast_enough_though_the_percentile_was_frozen_while_both_were_cold()
    {
        var world = Cold("p95_latency_increase < 0.5");
        Assert.True(Frozen(world) > TimeSpan.FromSeconds(1));
        Assert.NotNull(Until(world, 600, stableMs: 100, canaryMs: 100, Verdict.Pass));
        Assert.InRange(Frozen(world).TotalMilliseconds, 268 * 0.9, 268 * 1.25);
    }

    [Fact]
    public void A_canary_that_is_slow_only_when_both_are_warm_is_found()
    {
        var world = Cold("p95_latency_increase < 0.5");
        Assert.NotNull(Until(world, 600, stableMs: 100, canaryMs: 250, Verdict.Fail));
        Assert.InRange(Frozen(world).TotalMilliseconds, 268 * 0.9, 268 * 1.25);
    }

    [Fact]
    public void An_equal_canary_is_not_held_for_slow_because_stable_became_slower_or_faster() =>
        Assert.InRange(Enumerable.Range(0, 20).Count(seed => IsFailed(new(seed, Quarter, "p95_latency_increase < 0.1"))), 0, 1);

    [Fact]
    public void A_stable_that_stays_what_it_is_is_frozen_once()
    {
        for (var seed = 0; seed < 10; seed++)
        {
            var world = new World(seed, Quarter, "p99_latency_increase < 0.1");
            while (!world.Evidence.Calibrations[0].IsDone) world.Second(100, 0.01, 0.01);
            var first = world.Evidence.Calibrations[0].Frozen;
            for (var second = 0; second < 150; second++)
            {
                world.Second(100, 0.01, 0.01);
                Assert.Equal(first, world.Evidence.Calibrations[0].Frozen);
            }
        }
    }

    [Fact]
    public void Answers_that_all_take_the_same_time_are_frozen_once()
    {
        var world = new World(1, Quarter, "p95_latency_increase < 0.1");
        Outcome Alike(Arm arm) => new() { Class = OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(100) };
        while (!world.Evidence.Calibrations[0].IsDone) world.Second(100, Alike);
        for (var second = 0; second < 150; second++)
        {
            world.Second(100, Alike);
            Assert.True(world.Evidence.Calibrations[0].IsDone);
        }
    }

    [Fact]
    public void Many_failures_of_stable_are_not_taken_for_slow_answers()
    {
        var world = new World(1, Quarter, "p99_latency_increase < 0.1");
        while (!world.Evidence.Calibrations[0].IsDone) world.Second(100, 0, 0);
        var first = world.Evidence.Calibrations[0].Frozen;
        for (var second = 0; second < 150; second++) world.Second(100, 0.3, 0.3);
        Assert.Equal(first, world.Evidence.Calibrations[0].Frozen);
    }

    // Both take ten times as long in the beginning.
    private static World Cold(string check)
    {
        var world = new World(1, Quarter, check);
        while (!world.Evidence.Calibrations[0].IsDone) world.Second(40, 0.01, 0.01, 1000, 1000);
        return world;
    }

    private static bool IsFailed(World world)
    {
        var isFailed = false;
        foreach (var milliseconds in (int[])[1000, 100, 700])
        {
            for (var second = 0; second < 200 && !isFailed; second++)
            {
                world.Second(40, 0.01, 0.01, milliseconds, milliseconds);
                isFailed = world.Analyze().Verdict is Verdict.Fail;
            }
        }
        return isFailed;
    }

    private static int? Until(World world, int seconds, double stableMs, double canaryMs, Verdict verdict)
    {
        for (var second = 0; second < seconds; second++)
        {
            world.Second(40, 0.01, 0.01, stableMs, canaryMs);
            if (world.Analyze().Verdict == verdict) return second;
        }
        return null;
    }

    // Of the quantiles of a latency check the fourth is the 95th percentile.
    private static TimeSpan Frozen(World world) => TimeSpan.FromTicks(world.Evidence.Calibrations[0].Frozen[3]);
}
