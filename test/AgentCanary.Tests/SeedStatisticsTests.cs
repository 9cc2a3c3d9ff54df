using AgentCanary.Spec;

namespace AgentCanary.Tests;

/// <summary>Defect 8 of the Python library: fifty samples and five points, looked at again and again, are no statistics.</summary>
public sealed class SeedStatisticsTests
{
    private const int Rollouts = 150;
    private const int Seconds = 60;
    private const int CallsEachSecond = 20;
    private const double ErrorRate = 0.03;

    [Fact]
    public void Defect_8_Equal_versions_that_the_seed_rolls_back_by_chance_are_left_alone_by_sequential_evidence()
    {
        var (bySeed, byUs) = (0, 0);
        for (var rollout = 0; rollout < Rollouts; rollout++)
        {
            var (seed, us) = Run(new Random(rollout), canaryErrorRate: ErrorRate);
            bySeed += seed ? 1 : 0;
            byUs += us ? 1 : 0;
        }

        Assert.True(bySeed >= Rollouts / 20, $"The seed rolled back {bySeed} of {Rollouts} good canaries, which is too few to show anything.");
        // At most one in 100 over the whole rollout, so more than five of 150 come by chance in fewer than one run of 200.
        Assert.True(byUs <= 5, $"{byUs} of {Rollouts} good canaries were rolled back.");
    }

    [Fact]
    public void Defect_8_A_canary_that_fails_eight_times_as_often_is_found_every_time()
    {
        for (var rollout = 0; rollout < 20; rollout++) Assert.True(Run(new Random(rollout), canaryErrorRate: 8 * ErrorRate).ByUs);
    }

    private static (bool BySeed, bool ByUs) Run(Random random, double canaryErrorRate)
    {
        var time = new ManualTimeProvider();
        var plan = new StagePlan(new Stage(Weight.FromPercent(50)) { BakeTime = TimeSpan.FromHours(1) }, new Stage(Weight.Full));
        var canary = new CanaryDeployment("v1", "v2", plan, new() { TimeProvider = time, Analysis = AnalysisMode.Sequential, Pepper = 0 });
        var (stable, tried, bySeed, byUs) = (default(Counted), default(Counted), false, false);
        for (var second = 0; second < Seconds; second++)
        {
            for (var call = 0; call < CallsEachSecond; call++)
            {
                var assigned = canary.Assign($"user-{random.Next()}");
                var fails = random.NextDouble() < (assigned.Variant is Variant.Canary ? canaryErrorRate : ErrorRate);
                canary.Record(assigned, new Outcome { Class = fails ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(100) });
                if (assigned.Variant is Variant.Canary) tried = tried.With(fails);
                else stable = stable.With(fails);
                bySeed |= tried.Calls >= 50 && stable.Calls > 0 && tried.Success < stable.Success - 0.05;
            }
            time.Advance(TimeSpan.FromSeconds(1));
            byUs |= canary.Decide() is Decision.RollBack;
        }
        return (bySeed, byUs);
    }

    private readonly record struct Counted(int Calls, int Failures)
    {
        public double Success => 1 - (Failures / (double)Calls);

        public Counted With(bool fails) => new(Calls + 1, Failures + (fails ? 1 : 0));
    }
}
