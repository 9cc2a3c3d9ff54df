using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>How fast seeded regressions of latency, scores, cost and completion are found, and that equal versions are left alone. Looks after every second; evidence against the canary only.</summary>
public class MeasuredChecksTests
{
    // Stable answers that are needed before its quantiles are frozen, at 5 % canary.
    private const int Calibrating = 1_000 / 19;

    private static readonly Weight Five = Weight.FromPercent(5);

    [Theory]
    [InlineData("p95_latency_increase < 0", 1.5, 25, 45)] // published for the whole-distribution test alone: 33
    [InlineData("p95_latency_increase < 0", 2.0, -40, 20)] // 12; the percentile is frozen earlier than all five, and then enough by itself
    [InlineData("p95_latency_increase < 0.1", 1.5, 35, 85)]
    public void A_slow_down_is_found_in_so_many_canary_requests_after_the_quantiles_are_frozen(string check, double factor, double least, double most) =>
        Assert.InRange(Found(40, 200, check, Slower(factor)).Average() - Calibrating, least, most);

    [Theory]
    [InlineData("p95_ttft_increase < 0.1", 1.8)]
    [InlineData("p90_latency_delta < 20ms", 1.8)]
    [InlineData("mean_latency_increase < 0.1", 1.8)]
    [InlineData("p95_latency < 300ms", 1.8)]
    [InlineData("mean_latency < 150ms", 1.8)]
    [InlineData("cost_per_request_increase < 0.1", 1.8)]
    [InlineData("cost_per_request < 0.0015", 1.8)]
    [InlineData("tokens_per_request_increase < 0.1", 1.8)]
    [InlineData("tokens_per_request < 450", 1.8)]
    public void Every_measure_of_size_finds_a_canary_that_is_nearly_twice_as_large_and_leaves_an_equal_one_alone(string check, double factor)
    {
        Assert.Equal(4, Found(4, 250, check, Slower(factor)).Count);
        Assert.Empty(Found(4, 120, check, Slower(1)));
    }

    [Theory]
    [InlineData("score.quality_delta > -0.01", 0.70, 25, 45)] // published: 30
    [InlineData("score.quality_delta > -0.01", 0.50, 8, 16)] // published: 10.5
    [InlineData("score.quality_regression < 0.02", 0.70, 25, 55)]
    [InlineData("score.quality > 0.75", 0.60, 5, 45)]
    public void A_worse_score_is_found_in_so_many_canary_requests(string check, double mean, double least, double most)
    {
        Assert.InRange(Found(40, 200, check, Scoring(mean)).Average(), least, most);
        Assert.InRange(Found(20, 60, check, Scoring(0.80)).Count, 0, 2);
    }

    [Fact]
    public void Stars_are_read_on_their_own_scale()
    {
        Assert.Equal(10, Found(10, 200, "user_satisfaction > 4", Stars(2.5)).Count);
        Assert.Empty(Found(10, 200, "user_satisfaction > 4", Stars(4.5)));
    }

    [Fact]
    public void A_task_that_is_completed_less_often_is_found()
    {
        Assert.InRange(Found(20, 400, "task_completion_regression < 0.02", Completing(0.70)).Average(), 10, 80);
        Assert.InRange(Found(20, 200, "task_completion_rate >= 0.9", Completing(0.70)).Average(), 5, 60);
        Assert.InRange(Found(20, 100, "task_completion_regression < 0.02", Completing(0.95)).Count, 0, 2);
    }

    [Fact]
    public void Equal_versions_under_many_checks_are_hardly_ever_rolled_back()
    {
        string[] checks = ["error_rate_increase < 0.10", "p95_latency_increase < 0", "score.quality_delta > -0.001", "cost_per_request_increase < 0", "task_completion_delta > -0.001"];
        var rolledBack = Enumerable.Range(0, 40).Count(seed => Find(new(seed, Weight.FromPercent(25), checks), 80, world => Outcome(world, 1, 0.8, 4.5, 0.95)) is not null);
        Assert.InRange(rolledBack, 0, 2); // 1 % of 40 is 0.4
    }

    [Fact]
    public void An_equal_canary_is_proven_good_by_every_measure()
    {
        string[] checks = ["p95_latency_increase < 0.3", "score.quality_delta > -0.05", "cost_per_request_increase < 0.3", "task_completion_delta > -0.1", "cost_per_request < 0.01", "score.quality > 0.5"];
        var world = new World(1, Weight.FromPercent(25), checks);
        for (var i = 0; i < 300; i++) world.Second(40, arm => Outcome(world, 1, 0.8, 4.5, 0.95)(arm));
        Assert.All(Enumerable.Range(0, checks.Length), i => Assert.True(world.Evidence.LogNotWorse(world.Terms, i, world.Weight) >= Math.Log(20), checks[i]));
        Assert.Equal(Verdict.Pass, world.Analyze().Verdict);
    }

    [Fact]
    public void A_failed_mean_is_told_by_its_own_figures()
    {
        var world = new World(2, Five, "score.quality_delta > -0.01");
        Assert.NotNull(Find(world, 200, each => Outcome(each, 1, 0.6, 4, 1)));
        Assert.Matches(@"^after \d+ canary requests: quality 0\.\d+ on canary vs 0\.\d+ on stable in the same minutes; odds .* against 'not more than 0.01 below stable in quality'", world.Analyze().Reason);
    }

    private static Func<World, Func<Arm, Outcome>> Slower(double factor) => world => Outcome(world, factor, 0.8, 4, 1);

    private static Func<World, Func<Arm, Outcome>> Scoring(double mean) => world => Outcome(world, 1, mean, 4, 1);

    private static Func<World, Func<Arm, Outcome>> Stars(double mean) => world => Outcome(world, 1, 0.8, mean, 1);

    private static Func<World, Func<Arm, Outcome>> Completing(double share) => world => Outcome(world, 1, 0.8, 4, share);

    // Stable: lognormal sizes, σ = 0.6; quality about 0.8 ± 0.12; 4.5 stars; 95 % of the tasks done.
    private static Func<Arm, Outcome> Outcome(World world, double factor, double quality, double stars, double done) => arm =>
    {
        var isCanary = arm is Arm.Canary;
        var size = 100 * (isCanary ? factor : 1) * Math.Exp(0.6 * world.Normal());
        return new()
        {
            Latency = TimeSpan.FromMilliseconds(size),
            FirstContent = TimeSpan.FromMilliseconds(size / 4),
            Tokens = (long)(size * 3),
            Cost = size * 1e-5,
            Scores =
            [
                new("quality", Math.Clamp((isCanary ? quality : 0.8) + (0.12 * world.Normal()), 0, 1)),
                new("user_satisfaction", Math.Clamp(Math.Round((isCanary ? stars : 4.5) + world.Normal()), 1, 5)),
                new("task_completion", world.Random.NextDouble() < (isCanary ? done : 0.95) ? 1 : 0),
            ],
        };
    };

    private static List<long> Found(int runs, int seconds, string check, Func<World, Func<Arm, Outcome>> outcome) =>
        [.. Enumerable.Range(0, runs).Select(seed => Find(new(seed, Five, check), seconds, outcome)).OfType<long>()];

    // How many canary requests there were when the evidence reached 1 / α; null where it never did.
    private static long? Find(World world, int seconds, Func<World, Func<Arm, Outcome>> outcome)
    {
        for (var i = 0; i < seconds; i++)
        {
            world.Second(50, outcome(world));
            if (new SequentialReading(world.Terms, world.Evidence).LogRollback >= Math.Log(1 / world.Terms.Alpha)) return world.Canary.Finished;
        }
        return null;
    }
}
