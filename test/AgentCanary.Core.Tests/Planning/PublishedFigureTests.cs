using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

/// <summary>A plan against figures that a reference simulation of the same tests has published, to 20 %.</summary>
public class PublishedFigureTests
{
    private const string Errors = "error_rate_increase < 0.10";

    [Theory]
    [InlineData(0.01, 0.05, 66, 174)]
    [InlineData(0.01, 0.02, 275, 642)]
    [InlineData(0.01, 0.01, 842, 1939)]
    [InlineData(0.01, 0.005, 2728, 6597)]
    [InlineData(0.001, 0.01, 323, 618)]
    [InlineData(0.05, 0.05, 155, 387)]
    [InlineData(0.05, 0.02, 780, 1885)]
    [InlineData(0.05, 0.01, 2819, 7090)]
    public void An_equal_canary_is_proven_after_so_many_canary_requests(double errorRate, double margin, double median, double p90)
    {
        var script = Script.Of(Plans.Spec(Plans.Stage(5, Errors)).WithMargin(margin), new(1), Baseline.Parse($"error_rate={errorRate}").Baseline!);
        var samples = Spread.Of(Rehearsal.Play(script, 400, seed: 1).Select(run => run[0].Checks[0].Total));
        Plans.Near(median, samples.Median, 0.2);
        Plans.Near(p90, samples.P90, 0.2);
    }

    [Theory]
    [InlineData(0.02, 1, 2922)]
    [InlineData(0.02, 5, 3087)]
    [InlineData(0.02, 25, 4022)]
    [InlineData(0.02, 50, 6392)]
    [InlineData(0.05, 1, 190)]
    [InlineData(0.05, 5, 209)]
    [InlineData(0.05, 10, 230)]
    [InlineData(0.05, 25, 306)]
    [InlineData(0.05, 50, 503)]
    [InlineData(0.5, 1, 5.7)]
    [InlineData(0.5, 5, 7.1)]
    [InlineData(0.5, 10, 8.6)]
    [InlineData(0.5, 25, 12.5)]
    [InlineData(0.5, 50, 22)]
    public void A_bad_canary_is_rolled_back_after_so_many_canary_requests(double errorRate, double percent, double mean)
    {
        var script = Script.Of(Plans.Spec(Plans.Stage(percent, Errors)), new(1), Baseline.Assumed);
        var requests = new BadCanaries(script.Terms!, Baseline.Assumed, seed: 1).Find(script.Stages[0], errorRate, runs: 200);
        Plans.Near(mean, requests!.Value.Mean, 0.2);
    }

    [Theory]
    [InlineData(0.01, 0.02, 5)]
    [InlineData(0.03, 0.05, 40)]
    public void The_figures_are_those_of_the_test_itself_request_by_request(double errorRate, double margin, double percent)
    {
        var random = new Random(7);
        var test = new RateTerms { Line = new(margin, 1), Worse = false, HalfLife = 50_000 };
        var expected = Spread.Of(Enumerable.Range(0, 400).Select(_ => (double)UntilProven(test, random, errorRate, percent / 100)));
        var script = Script.Of(Plans.Spec(Plans.Stage(percent, Errors)).WithMargin(margin), new(1), Baseline.Parse($"error_rate={errorRate}").Baseline!);
        var planned = Spread.Of(Rehearsal.Play(script, 400, seed: 1).Select(run => run[0].Checks[0].Total));
        Plans.Near(expected.Median, planned.Median, 0.15);
        Plans.Near(expected.P90, planned.P90, 0.2);
    }

    private static long UntilProven(RateTerms test, Random random, double errorRate, double share)
    {
        var (state, open, canary) = (RateTest.Start(test), default(Block), 0L);
        while (state.LogE < Math.Log(20))
        {
            var isBad = random.NextDouble() < errorRate ? 1 : 0;
            var isCanary = random.NextDouble() < share;
            if (isCanary) canary++;
            open = open.Plus(isCanary ? new(0, 0, 1, isBad) : new(1, isBad, 0, 0));
            if (!BlockClosing.IsComplete(open, state.CanaryCount)) continue;
            (state, open) = (RateTest.Add(test, state, open), default);
        }
        return canary;
    }
}
