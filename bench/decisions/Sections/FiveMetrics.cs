using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 1, with five metrics that fail together: the weighted mean of their evidence, by the shares that a rollout gives them.</summary>
internal static class FiveMetrics
{
    // Of every metric so many outcomes hang on one common cause, so that metrics of equal rates have a correlation of one half.
    private const double Common = 0.7;

    private const long Most = 8_000;

    private static readonly string[] Checks =
        ["error_rate_delta < 0", "refusal_rate_delta < 0", "truncation_rate_delta < 0", "tool_error_rate_delta < 0", "stream_break_rate_delta < 0"];

    private static readonly double[] Rates = [0.01, 0.02, 0.02, 0.05, 0.01];

    private static readonly double[] Shares =
        [.. SequentialTerms.Of(Checks.Select(Check.Parse), alpha: 0.01, beta: 0.05, margin: null).Checks.Select(terms => terms.Share)];

    public static Section Section { get; } = new(
        "Five correlated metrics",
        1,
        $"Errors, refusals, truncations, failed tools and broken streams at {string.Join(", ", Rates.Select(rate => $"{rate * 100:0.#}"))} %, with shares of the capital of "
            + $"{string.Join(", ", Shares.Select(share => $"{share:0.00}"))}; the correlation of metrics of equal rates is 0.5; 5 % canary, up to 8,000 canary requests. The reference gave its five metrics equal shares.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var runs = effort.Runs(2_000);
        var equal = Runs.Of(runs, 111, random => Until(random, Rates) is not null).Count(isRolledBack => isRolledBack);
        yield return new("equal versions", Unit.Share, Estimate.Share(equal, runs), runs, 111) { Goal = Goal.AtMost(0.01), Reference = "1.0 %" };
        yield return Found("errors 1 → 5 %", effort.Runs(1_000), 112, [0.05, 0.02, 0.02, 0.05, 0.01], "mean 220");
        yield return Found("failed tools 5 → 10 %", effort.Runs(1_000), 113, [0.01, 0.02, 0.02, 0.1, 0.01], "mean 420, with an equal share");
    }

    private static Figure Found(string name, int runs, ulong seed, double[] canary, string reference) =>
        Sampled.Requests(name, Runs.Of(runs, seed, random => Until(random, canary)), Most, seed) with { Reference = reference };

    private static long? Until(SplitMix64 random, double[] canaryRates)
    {
        var terms = RateRun.Worse(Line.Equal);
        var (arrivals, states, logs) = (new Requests(random, _ => new(0.05, 0, 0)), Array.ConvertAll(Rates, _ => RateTest.Start(terms)), new double[Rates.Length]);
        Span<long> canary = stackalloc long[Rates.Length];
        Span<long> stable = stackalloc long[Rates.Length];
        while (arrivals.CanaryCount < Most)
        {
            var block = arrivals.NextBlock();
            Draw(random, block.CanaryCount, canaryRates, canary);
            Draw(random, block.StableCount, Rates, stable);
            for (var metric = 0; metric < states.Length; metric++)
            {
                states[metric] = RateTest.Add(terms, states[metric], block with { CanaryBad = canary[metric], StableBad = stable[metric] });
                logs[metric] = states[metric].LogE;
            }
            if (Evidences.LogMean(logs, Shares) >= RateRun.Rollback) return arrivals.CanaryCount;
        }
        return null;
    }

    private static void Draw(SplitMix64 random, long requests, double[] rates, Span<long> bad)
    {
        bad.Clear();
        for (var request = 0L; request < requests; request++)
        {
            var cause = random.NextUnit();
            for (var metric = 0; metric < rates.Length; metric++)
                if ((random.NextUnit() < Common ? cause : random.NextUnit()) < rates[metric]) bad[metric]++;
        }
    }
}
