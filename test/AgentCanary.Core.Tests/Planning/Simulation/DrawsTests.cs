using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Core.Tests.Planning.Simulation;

public class DrawsTests
{
    private const int Many = 100_000;

    [Fact]
    public void Normal_draws_have_mean_0_and_deviation_1() => AssertMoments(Draws.Normal, 0, 1);

    [Fact]
    public void Waiting_times_have_mean_1_and_deviation_1() => AssertMoments(Draws.Exponential, 1, 1);

    [Theory]
    [InlineData(8, 2)]
    [InlineData(0.3, 5.7)]
    [InlineData(0.01, 0.5)]
    public void Beta_draws_have_the_mean_and_the_deviation_of_the_distribution(double a, double b) =>
        AssertMoments(random => Draws.Beta(random, a, b), a / (a + b), Math.Sqrt(a * b / ((a + b) * (a + b) * (a + b + 1))));

    [Theory]
    [InlineData(0.8, 0.12)]
    [InlineData(0.01, 0.02)]
    public void A_share_scatters_as_it_is_asked_to(double mean, double deviation) => AssertMoments(new Scatter(mean, deviation).Share, mean, deviation);

    [Fact]
    public void An_amount_scatters_as_it_is_asked_to() => AssertMoments(new Scatter(800, 400).Lognormal, 800, 400);

    [Fact]
    public void Stars_lie_between_one_and_five()
    {
        var random = new SplitMix64(1);
        var score = new MadeScore("user_satisfaction", IsYesOrNo: false, new(4.2, 0.8));
        AssertMoments(draws => score.Draw(draws).Value, 4.2, 0.8);
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(score.Draw(random).Value, 1, 5));
    }

    private static void AssertMoments(Func<SplitMix64, double> draw, double mean, double deviation)
    {
        var random = new SplitMix64(7);
        var drawn = Enumerable.Range(0, Many).Select(_ => draw(random)).ToArray();
        var found = drawn.Average();
        Assert.InRange(found, mean - (5 * deviation / Math.Sqrt(Many)), mean + (5 * deviation / Math.Sqrt(Many)));
        Assert.InRange(Math.Sqrt(drawn.Average(x => (x - found) * (x - found))), deviation * 0.96, deviation * 1.04);
    }
}
