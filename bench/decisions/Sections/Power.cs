using System.Globalization;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 2: how many canary requests a bad version is given before it is rolled back.</summary>
internal static class Power
{
    private const long Most = 20_000;

    private static readonly (double Stable, double Canary, Goal? Goal, string Reference)[] AtFive =
    [
        (0.01, 0.015, null, "> 1.28 × (99 % found)"),
        (0.01, 0.02, Goal.AtMost(1.5), "1.40 × (mean 1,756)"),
        (0.01, 0.05, Goal.AtMost(1.5), "1.45 × (178)"),
        (0.01, 0.1, Goal.AtMost(1.6), "1.53 × (56)"),
        (0.001, 0.005, Goal.AtMost(1.5), "1.38 × (1,724)"),
        (0.001, 0.02, Goal.AtMost(1.6), "1.59 × (214)"),
        (0.05, 0.07, null, "1.51 × (1,951)"),
        (0.05, 0.1, Goal.AtMost(1.5), "1.46 × (348)"),
        (0.05, 0.2, Goal.AtMost(1.5), "1.44 × (52)"),
    ];

    private static readonly double[] Weights = [0.01, 0.1, 0.25, 0.5];

    private static readonly (double Stable, double Canary, string[] Equal, string[] Default)[] Pairs =
    [
        (0.01, 0.02, ["1.40 ×", "1.37 ×", "1.40 ×", "1.38 ×"], ["1.41 ×", "1.38 ×", "1.40 ×", "1.41 ×"]),
        (0.01, 0.05, ["1.40 ×", "1.41 ×", "1.43 ×", "1.37 ×"], ["1.38 ×", "1.42 ×", "1.43 ×", "1.36 ×"]),
        (0.05, 0.1, ["1.42 ×", "1.48 ×", "1.50 ×", "1.47 ×"], []),
    ];

    public static Section Section { get; } = new(
        "Requests until a rollback",
        2,
        "The mean number of canary requests as a multiple of the Wald bound for an unknown stable rate, which no test of that α can beat on average; 5 % canary unless said; given up at 20,000 canary requests. "
            + "\"Equal\" is the line \"not worse at all\", \"default\" that of `error_rate_increase < 0.10`: 1.1 × stable's rate and 0.1 points.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var seed = 201ul;
        foreach (var (stable, canary, goal, reference) in AtFive)
            yield return Of(effort.Runs(4_000), seed++, Line.Equal, 0.05, stable, canary) with { Goal = goal, Reference = reference };
        yield return Half(effort.Runs(4_000), seed++, 0.05) with { Goal = Goal.AtMost(8), Reference = "6.9" };
        foreach (var (stable, canary, equal, margin) in Pairs)
        {
            for (var i = 0; i < Weights.Length; i++)
                yield return Of(effort.Runs(3_000), seed++, Line.Equal, Weights[i], stable, canary) with { Goal = Goal.AtMost(1.5), Reference = equal[i] };
            for (var i = 0; i < margin.Length; i++)
                yield return Of(effort.Runs(3_000), seed++, new(0.001, 1.1), Weights[i], stable, canary) with { Goal = Goal.AtMost(1.5), Reference = margin[i] };
        }
        foreach (var (weight, reference) in Weights.Zip(["5.5", "8.3", "11.9", "21"]))
            yield return Half(effort.Runs(3_000), seed++, weight) with { Reference = reference };
    }

    private static Figure Of(int runs, ulong seed, Line line, double weight, double stable, double canary)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{stable * 100:0.#} → {canary * 100:0.#} %, {weight * 100:0} % canary, {(line == Line.Equal ? "equal" : "default")}");
        return Sampled.Ratio(name, Found(runs, seed, line, weight, stable, canary), Most, seed, WaldBound.Requests(line, canary, stable, (1 - weight) / weight, 0.01));
    }

    private static Figure Half(int runs, ulong seed, double weight) =>
        Sampled.Requests($"1 → 50 %, {weight * 100:0} % canary, equal: requests", Found(runs, seed, Line.Equal, weight, 0.01, 0.5), Most, seed);

    private static long?[] Found(int runs, ulong seed, Line line, double weight, double stable, double canary)
    {
        var terms = RateRun.Worse(line);
        return Runs.Of(runs, seed, random => RateRun.Until(random, terms, _ => new(weight, stable, canary), Most));
    }
}
