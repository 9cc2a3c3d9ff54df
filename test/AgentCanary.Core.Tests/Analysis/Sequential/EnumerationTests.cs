using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>The proofs, checked by counting: over every outcome of a block and a grid of points of the null, the expected evidence never grows.</summary>
public class EnumerationTests
{
    private static readonly double[] Rates = [0.0005, 0.005, 0.02, 0.1, 0.3, 0.5, 0.8, 0.99];

    public static TheoryData<double, double, bool, int, int> Cases()
    {
        var data = new TheoryData<double, double, bool, int, int>();
        foreach (var (a, r) in new[] { (0.0, 1.0), (0.001, 1.1), (0.05, 1.0), (0, 1.5) })
        {
            foreach (var (canary, stable) in new[] { (1, 9), (2, 20), (6, 6), (9, 2) })
            {
                data.Add(a, r, true, canary, stable);
                data.Add(a, r, false, canary, stable);
            }
        }
        return data;
    }

    [Theory, MemberData(nameof(Cases))]
    public void No_point_of_the_null_expects_evidence_of_rates_to_grow(double a, double r, bool worse, int canary, int stable)
    {
        var terms = new RateTerms { Line = new(a, r), Worse = worse };
        var start = RateTest.Start(terms);
        foreach (var state in new[] { start, RateTest.Add(terms, start, new(200, 4, 20, 1)) })
        {
            // Where the line leaves the unit square no canary is above it, so there is no such null.
            foreach (var stableRate in Rates.Where(rate => a + (r * rate) < 1))
            {
                var bound = terms.Line.At(stableRate);
                foreach (var canaryRate in Rates.Append(bound).Where(rate => worse ? rate <= bound : rate >= bound))
                    Assert.InRange(Expected(terms, state, canary, canaryRate, stable, stableRate), 0, 1 + 1e-9);
            }
        }
    }

    [Theory]
    [InlineData(0.0, true), InlineData(0.02, true), InlineData(0.05, false)]
    public void No_point_of_the_null_expects_evidence_of_scores_to_grow(double margin, bool worse)
    {
        var terms = new ScoreTerms(margin, worse);
        var start = ScoreTest.Start(terms);
        double[] scores = [0, 0.5, 1];
        foreach (var stable in Distributions())
        {
            foreach (var canary in Distributions().Where(canary => worse ? Mean(canary) >= Mean(stable) - margin : Mean(canary) <= Mean(stable) - margin))
            {
                var expected = 0.0;
                for (var i = 0; i < 27; i++)
                {
                    for (var j = 0; j < 3; j++)
                    {
                        int[] three = [i % 3, i / 3 % 3, i / 9];
                        var probability = three.Aggregate(canary[j], (product, k) => product * stable[k]);
                        expected += probability * Math.Exp(ScoreTest.Add(terms, start, Counts(j), Counts(three)).LogE);
                    }
                }
                Assert.InRange(expected, 0, 1 + 1e-9);
            }
        }
        long[] Counts(params int[] drawn)
        {
            var counts = new long[ScoreTest.Places];
            foreach (var k in drawn) counts[(int)(scores[k] * 100)]++;
            return counts;
        }
        static IEnumerable<double[]> Distributions() => from low in new[] { 0, 0.1, 0.4, 0.8 } from high in new[] { 0, 0.1, 0.5, 0.9 } where low + high <= 1 select (double[])[low, 1 - low - high, high];
        double Mean(double[] distribution) => distribution.Zip(scores, (probability, score) => probability * score).Sum();
    }

    [Fact]
    public void A_canary_that_is_not_slower_expects_no_evidence_of_being_slower()
    {
        double[] bins = [0.5, 0.25, 0.15, 0.05, 0.04, 0.01];
        double[] faster = [0.6, 0.2, 0.12, 0.04, 0.03, 0.01];
        foreach (var canary in new[] { bins, faster })
        {
            var expected = 0.0;
            for (var c = 0; c < 6; c++)
            {
                for (var i = 0; i < 36; i++)
                {
                    var (canaryCounts, stableCounts) = (new long[6], new long[6]);
                    canaryCounts[c]++;
                    stableCounts[i % 6]++;
                    stableCounts[i / 6]++;
                    expected += canary[c] * bins[i % 6] * bins[i / 6] * Math.Exp(ShapeTest.Add(new(), ShapeTest.Start(new()), canaryCounts, stableCounts).LogE);
                }
            }
            Assert.InRange(expected, 0, 1 + 1e-9);
        }
    }

    [Fact]
    public void An_outage_of_both_arms_never_raises_the_evidence()
    {
        var terms = new RateTerms { Line = new(0.001, 1.1) };
        var state = RateTest.Add(terms, RateTest.Start(terms), new(500, 5, 30, 0));
        for (var i = 0; i < 50; i++)
        {
            var next = RateTest.Add(terms, state, new(19, 19, 1, 1));
            Assert.True(next.LogE <= state.LogE + 1e-12);
            state = next;
        }
    }

    private static double Expected(RateTerms terms, RateState state, int canary, double canaryRate, int stable, double stableRate)
    {
        var sum = 0.0;
        for (var c = 0; c <= canary; c++)
        {
            for (var s = 0; s <= stable; s++)
            {
                var probability = Binomial(canary, c, canaryRate) * Binomial(stable, s, stableRate);
                sum += probability * Math.Exp(RateTest.Add(terms, state, new(stable, s, canary, c)).LogE - state.LogE);
            }
        }
        return sum;
    }

    private static double Binomial(int n, int k, double p) =>
        Math.Exp(Numerics.LogGamma(n + 1) - Numerics.LogGamma(k + 1) - Numerics.LogGamma(n - k + 1) + (k * Math.Log(p)) + ((n - k) * Math.Log(1 - p)));
}
