using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>How soon a lower score is found.</summary>
internal static class Scores
{
    private const long Most = 4_000;
    private const double Total = 10;
    private const double StableMean = 0.8;

    private static readonly ScoreTerms Terms = new(0) { Restarts = new() };

    public static Section Section { get; } = new(
        "Scores",
        null,
        "Stable's scores are Beta(8, 2), with a mean of 0.80 and a deviation of 0.12, the canary's Beta distributions of other means, rounded to hundredths; 5 % canary, up to 4,000 canary requests; margin 0.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var runs = effort.Runs(2_000);
        var equal = Runs.Of(runs, 901, random => Until(random, UpTo(StableMean)) is not null).Count(isRolledBack => isRolledBack);
        yield return new("equal", Unit.Share, Estimate.Share(equal, runs), runs, 901) { Goal = Goal.AtMost(0.01), Reference = "0.7 %" };
        var seed = 902ul;
        foreach (var (mean, reference) in new[] { (0.79, "96 % found"), (0.78, "469"), (0.75, "85"), (0.7, "30"), (0.5, "10.5") })
        {
            var upTo = UpTo(mean);
            yield return Sampled.Requests($"mean 0.80 → {mean:0.00}", Runs.Of(effort.Runs(1_000), seed, random => Until(random, upTo)), Most, seed++) with { Reference = reference };
        }
    }

    private static long? Until(SplitMix64 random, double[] canaryUpTo)
    {
        var (stableUpTo, arrivals, state) = (UpTo(StableMean), new Requests(random, _ => new(0.05, 0, 0)), ScoreTest.Start(Terms));
        Span<long> stable = stackalloc long[ScoreTest.Places];
        Span<long> canary = stackalloc long[ScoreTest.Places];
        while (arrivals.CanaryCount < Most)
        {
            var block = arrivals.NextBlock();
            Draw(random, block.StableCount, stableUpTo, stable);
            Draw(random, block.CanaryCount, canaryUpTo, canary);
            state = ScoreTest.Add(Terms, state, canary, stable);
            if (state.LogE >= RateRun.Rollback) return arrivals.CanaryCount;
        }
        return null;
    }

    // The share of scores that are rounded to each hundredth or to a lower one.
    private static double[] UpTo(double mean)
    {
        var (a, b) = (Total * mean, Total * (1 - mean));
        return [.. Enumerable.Range(0, ScoreTest.Places).Select(place => place == ScoreTest.Places - 1 ? 1 : 1 - Math.Exp(Numerics.LogUpperBeta(a, b, (place + 0.5) / (ScoreTest.Places - 1))))];
    }

    private static void Draw(SplitMix64 random, long requests, double[] upTo, Span<long> places)
    {
        places.Clear();
        for (var i = 0L; i < requests; i++)
        {
            var found = Array.BinarySearch(upTo, random.NextUnit());
            places[found < 0 ? ~found : found + 1]++;
        }
    }
}
