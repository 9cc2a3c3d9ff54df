using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class BinomialTests
{
    [Theory]
    [InlineData(1, 0.3)]
    [InlineData(8, 0.01)]
    [InlineData(160, 0.05)]
    [InlineData(160, 0.95)]
    [InlineData(50_000, 0.4)]
    public void Draws_have_the_mean_and_the_variance_of_the_distribution(long n, double p)
    {
        const int draws = 20_000;
        var random = new SplitMix64(1);
        var drawn = Enumerable.Range(0, draws).Select(_ => (double)Binomial.Draw(random, n, p)).ToArray();
        var (mean, variance) = (drawn.Average(), n * p * (1 - p));
        Assert.InRange(mean, (n * p) - (5 * Math.Sqrt(variance / draws)), (n * p) + (5 * Math.Sqrt(variance / draws)));
        Assert.InRange(drawn.Average(x => (x - mean) * (x - mean)), variance * 0.92, variance * 1.08);
    }

    [Fact]
    public void What_never_or_always_happens_needs_no_luck()
    {
        var random = new SplitMix64(1);
        Assert.Equal((0, 7, 0), (Binomial.Draw(random, 7, 0), Binomial.Draw(random, 7, 1), Binomial.Draw(random, 0, 0.5)));
    }
}
