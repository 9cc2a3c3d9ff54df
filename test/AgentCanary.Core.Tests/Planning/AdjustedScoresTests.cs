using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning;

/// <summary>Users who differ as much as their answers do, watched on stable for 200 s before half of them are on the canary: what is known of each of them takes half of the variance away.</summary>
public sealed class AdjustedScoresTests
{
    private const int PerSecond = 40;
    private const int Before = 200;
    private const int Runs = 30;

    [Fact]
    public void A_worse_canary_is_found_by_fewer_scores_where_its_users_are_known()
    {
        var known = Enumerable.Range(0, Runs).Select(run => Through(run, users: 2_000, worse: 0.05, isKnown: true)).ToList();
        var unknown = Enumerable.Range(0, Runs).Select(run => Through(run, users: 2_000, worse: 0.05, isKnown: false)).ToList();
        Assert.All(known, run => Assert.Equal(Phase.RolledBack, run.Phase));
        Assert.All(known, run => Assert.Contains("tested less what is expected of each user", run.Reason, StringComparison.Ordinal));
        Assert.All(unknown, run => Assert.DoesNotContain("expected of each user", run.Reason, StringComparison.Ordinal));
        var ratio = known.Average(run => run.Scores) / unknown.Average(run => run.Scores);
        Assert.True(ratio is > 0.3 and < 0.85, $"{known.Average(run => run.Scores):0} scores instead of {unknown.Average(run => run.Scores):0}: {ratio:0.00}");
    }

    [Fact]
    public void An_equal_canary_with_few_users_is_not_rolled_back_for_whom_it_drew()
    {
        var known = Enumerable.Range(0, 2 * Runs).Count(run => Through(run, users: 60, worse: 0, isKnown: true).Phase is Phase.RolledBack);
        var unknown = Enumerable.Range(0, 2 * Runs).Count(run => Through(run, users: 60, worse: 0, isKnown: false).Phase is Phase.RolledBack);
        Assert.InRange(known, 0, 3);
        Assert.True(unknown > known + 2, $"{unknown} false rollbacks without what is known of users, {known} with it");
    }

    // Without its key a request is taken for a user of its own; the split is the same.
    private static (Phase Phase, long Scores, string Reason) Through(int run, int users, double worse, bool isKnown)
    {
        var spec = new RolloutSpec
        {
            Agent = "support-agent",
            Stable = new("v1"),
            Canary = new("v2"),
            Stages =
            [
                new(Weight.None) { Name = "before", BakeTime = TimeSpan.FromSeconds(Before), Checks = [] },
                new(Weight.FromPercent(50)) { Name = "half", BakeTime = TimeSpan.FromDays(1), Checks = [Check.Parse("score.quality_delta > -0.01")] },
                new(Weight.Full) { Name = "full", Checks = [] },
            ],
            Analysis = new() { Mode = AnalysisMode.Sequential },
        };
        var trial = new Trial(spec, TimeSpan.FromSeconds(1), pepper: (ulong)run + 1);
        var random = new SplitMix64(SplitMix64.SeedOf(11, run));
        var people = Enumerable.Range(0, users).Select(user => (Key: $"user-{user}", Own: 0.65 + (0.1 * Draws.Normal(random)))).ToArray();
        var scores = 0L;
        for (var second = 0; second < Before + 300 && !trial.State.IsTerminal; second++)
        {
            for (var i = 0; i < PerSecond; i++)
            {
                var (key, own) = people[(int)(random.NextUnit() * users)];
                var assignment = trial.Assign(new(key));
                if (assignment.Arm is Arm.Canary) scores++;
                var score = Math.Clamp(own - (assignment.Arm is Arm.Canary ? worse : 0) + (0.1 * Draws.Normal(random)), 0, 1);
                trial.Record(isKnown ? assignment : assignment with { KeyHash = 0 }, new() { Latency = TimeSpan.FromMilliseconds(100), Scores = [new("quality", score)] });
            }
            trial.Judge(TimeSpan.FromSeconds(second + 1));
        }
        return (trial.State.Phase, scores, trial.State.Reason);
    }
}
