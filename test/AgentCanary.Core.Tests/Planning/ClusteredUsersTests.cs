using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning;

/// <summary>Equal versions and users who differ: 1,000 users of 100 requests each, 5 % errors, an intra-class correlation of 0.1. Requests taken for independent roll a fifth of the rollouts back.</summary>
public sealed class ClusteredUsersTests
{
    private const int Users = 1_000;
    private const int RequestsPerUser = 100;
    private const int Ticks = 200;
    private const int Runs = 60;

    [Fact]
    public void Requests_of_users_who_are_alike_roll_a_good_canary_back_and_the_design_effect_keeps_it()
    {
        var naive = Enumerable.Range(0, Runs).Count(run => IsRolledBack(run, isKeyed: false, unitIsKey: false));
        var divided = Enumerable.Range(0, Runs).Count(run => IsRolledBack(run, isKeyed: true, unitIsKey: false));
        var first = Enumerable.Range(0, Runs).Count(run => IsRolledBack(run, isKeyed: true, unitIsKey: true));
        Assert.InRange(naive, 5, 25); // 21 % of 60 are 12.6
        Assert.InRange(divided, 0, 3); // 1 % of 60 are 0.6: four or more are less likely than 1 in 300
        Assert.InRange(first, 0, 3);
    }

    [Fact]
    public void A_canary_that_fails_four_times_as_often_is_found_all_the_same() =>
        Assert.InRange(Enumerable.Range(0, 10).Count(run => IsRolledBack(run, isKeyed: true, unitIsKey: false, worse: 4)), 9, 10);

    // Without its key a request is taken for a user of its own; the split is the same.
    private static bool IsRolledBack(int run, bool isKeyed, bool unitIsKey, double worse = 1)
    {
        var spec = new RolloutSpec
        {
            Agent = "support-agent",
            Stable = new("v1"),
            Canary = new("v2"),
            Stages = [new(Weight.FromPercent(5)) { BakeTime = TimeSpan.FromDays(1), Checks = [Check.Parse("error_rate_increase < 0.10")] }, new(Weight.Full)],
            Analysis = new() { Mode = AnalysisMode.Sequential, UnitIsKey = unitIsKey },
        };
        var trial = new Trial(spec, TimeSpan.FromSeconds(1), pepper: (ulong)run + 1);
        var random = new SplitMix64(SplitMix64.SeedOf(7, run));
        var users = Enumerable.Range(0, Users).Select(user => (Key: $"user-{user}", Rate: Draws.Beta(random, 0.45, 8.55))).ToArray();
        for (var tick = 0; tick < Ticks; tick++)
        {
            for (var i = 0; i < Users * RequestsPerUser / Ticks; i++)
            {
                var (key, rate) = users[(int)(random.NextUnit() * Users)];
                var assignment = trial.Assign(new(key));
                var fails = random.NextUnit() < rate * (assignment.Arm is Arm.Canary ? worse : 1);
                if (!isKeyed) assignment = assignment with { KeyHash = 0 };
                trial.Record(assignment, new() { Class = fails ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(100) });
            }
            if (trial.Judge(TimeSpan.FromSeconds(tick + 1)).Change?.Next.Phase is Phase.RolledBack) return true;
        }
        return false;
    }
}
