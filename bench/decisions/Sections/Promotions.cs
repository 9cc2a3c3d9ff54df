using System.Globalization;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 3: how many canary requests a good version needs before it is promoted, and how often one on the margin is.</summary>
internal static class Promotions
{
    private const long Most = 200_000;
    private const long OnTheMargin = 20_000;

    private static readonly (double Stable, Line Line, string Ratio, string Better, string False)[] Rows =
    [
        (0.01, new(0.05, 1), "1.09 ×", "75", "4.9 %"),
        (0.01, new(0.02, 1), "1.05 ×", "215", "4.8 %"),
        (0.01, new(0.01, 1), "1.06 ×", "470", "5.2 %"),
        (0.01, new(0.005, 1), "1.06 ×", "1,019", "4.2 %"),
        (0.01, new(0.002, 1.5), "1.06 ×", "740", "4.4 %"),
        (0.001, new(0.01, 1), "1.04 ×", "366", "5.0 %"),
        (0.05, new(0.05, 1), "1.06 ×", "88", "4.2 %"),
        (0.05, new(0.02, 1), "1.06 ×", "249", "5.5 %"),
        (0.05, new(0.01, 1), "1.08 ×", "523", "4.3 %"),
        (0.05, new(0, 1.1), "1.03 ×", "1,102", "3.1 %"),
    ];

    public static Section Section { get; } = new(
        "Requests until a promotion",
        3,
        "5 % canary, β = 5 %. First equal versions, as a multiple of the Wald bound; then a canary with half of stable's errors; then one whose rate lies exactly on the margin, which must be promoted "
            + "in at most 5 % of all rollouts, within 20,000 canary requests.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var seed = 301ul;
        foreach (var (stable, line, ratio, better, onMargin) in Rows)
        {
            var terms = RateRun.NotWorse(line);
            var name = string.Create(CultureInfo.InvariantCulture, $"stable {stable * 100:0.#} %, margin {(line.R > 1 ? $"{line.R:0.#} × " : "")}{(line.A > 0 ? $"+{line.A * 100:0.#} pp" : "")}").TrimEnd();
            yield return Sampled.Ratio($"{name}: equal", Found(effort.Runs(2_000), seed, terms, stable, stable), Most, seed++, WaldBound.Requests(line, stable, stable, 19, 0.05))
                with { Goal = Goal.AtMost(1.15), Reference = ratio };
            yield return Sampled.Requests($"{name}: half of the errors", Found(effort.Runs(1_000), seed, terms, stable, stable / 2), Most, seed++) with { Reference = better };
            var runs = effort.Runs(4_000);
            var promoted = Runs.Of(runs, seed, random => RateRun.Until(random, terms, _ => new(0.05, stable, line.At(stable)), OnTheMargin) is not null).Count(isPromoted => isPromoted);
            yield return new($"{name}: on the margin, promoted", Unit.Share, Estimate.Share(promoted, runs), runs, seed++) { Goal = Goal.AtMost(0.05), Reference = onMargin };
        }
    }

    private static long?[] Found(int runs, ulong seed, RateTerms terms, double stable, double canary) =>
        Runs.Of(runs, seed, random => RateRun.Until(random, terms, _ => new(0.05, stable, canary), Most));
}
