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

    // The slope and the margin of the line, and the direction: absolute and relative margins of scores, of costs turned round, and bounds of one arm alone.
    [Theory]
    [InlineData(1, 0.0, true), InlineData(1, 0.02, true), InlineData(1, 0.05, false)]
    [InlineData(0.9, 0.0, true), InlineData(0.9, 0.025, true), InlineData(0.9, 0.0, false)]
    [InlineData(1.1, 0.1, true), InlineData(1.5, 0.5, true), InlineData(1.25, 0.25, false)]
    [InlineData(0, -0.8, true), InlineData(0, -0.75, true), InlineData(0, -0.75, false)]
    public void No_point_of_the_null_expects_evidence_of_scores_to_grow(double slope, double margin, bool worse)
    {
        var terms = new ScoreTerms(margin, worse) { Slope = slope };
        var start = ScoreTest.Start(terms);
        double[] scores = [0, 0.5, 1];
        foreach (var state in new[] { start, ScoreTest.Add(terms, start, Counts(2, 2, 1), Counts(2, 2, 2, 1, 1, 0)) })
        {
            foreach (var stable in Distributions())
            {
                foreach (var canary in Distributions().Where(canary => worse ? Mean(canary) >= (slope * Mean(stable)) - margin : Mean(canary) <= (slope * Mean(stable)) - margin))
                    Assert.InRange(Expected(state, canary, stable), 0, 1 + 1e-9);
            }
        }

        // Every outcome of two canary scores and three of stable.
        double Expected(ScoreState state, double[] canary, double[] stable)
        {
            var expected = 0.0;
            for (var i = 0; i < 243; i++)
            {
                int[] five = [i % 3, i / 3 % 3, i / 9 % 3, i / 27 % 3, i / 81];
                var probability = canary[five[0]] * canary[five[1]] * stable[five[2]] * stable[five[3]] * stable[five[4]];
                if (probability > 0) expected += probability * Math.Exp(ScoreTest.Add(terms, state, Counts(five[..2]), Counts(five[2..])).LogE - state.LogE);
            }
            return expected;
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
    public void No_canary_that_is_not_slower_expects_evidence_of_being_slower()
    {
        double[][] stables = [[0.5, 0.25, 0.15, 0.05, 0.04, 0.01], [0.3, 0.3, 0.2, 0.1, 0.05, 0.05], [0, 0, 0, 0, 0, 1], [0.1, 0.1, 0.1, 0.1, 0.1, 0.5]];
        double[][] faster = [[0.6, 0.2, 0.12, 0.04, 0.03, 0.01], [1, 0, 0, 0, 0, 0], [0.5, 0.5, 0, 0, 0, 0]];
        var terms = new ShapeTerms();
        var start = ShapeTest.Start(terms);
        foreach (var state in new[] { start, ShapeTest.Add(terms, start, [4, 1, 1, 0, 0, 2], [40, 20, 20, 10, 5, 5]) })
        {
            foreach (var stable in stables)
            {
                foreach (var canary in faster.Append(stable).Where(canary => IsNotSlower(canary, stable)))
                    Assert.InRange(Expected(terms, state, canary, stable), 0, 1 + 1e-9);
            }
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

    private static bool IsNotSlower(double[] canary, double[] stable) =>
        Enumerable.Range(0, canary.Length).All(bin => canary[bin..].Sum() <= stable[bin..].Sum() + 1e-12);

    // Every outcome of two canary answers and two of stable.
    private static double Expected(ShapeTerms terms, ShapeState state, double[] canary, double[] stable)
    {
        var expected = 0.0;
        for (var i = 0; i < 6 * 6 * 6 * 6; i++)
        {
            int[] four = [i % 6, i / 6 % 6, i / 36 % 6, i / 216];
            var probability = canary[four[0]] * canary[four[1]] * stable[four[2]] * stable[four[3]];
            if (probability == 0) continue;
            var (canaryCounts, stableCounts) = (new long[ShapeTest.BinCount], new long[ShapeTest.BinCount]);
            foreach (var bin in four[..2]) canaryCounts[bin]++;
            foreach (var bin in four[2..]) stableCounts[bin]++;
            expected += probability * Math.Exp(ShapeTest.Add(terms, state, canaryCounts, stableCounts).LogE - state.LogE);
        }
        return expected;
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
