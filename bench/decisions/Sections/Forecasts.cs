using System.Globalization;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 7: what is said of the requests that are missing yet holds.</summary>
internal static class Forecasts
{
    private const long Most = 100_000;

    public static Section Section { get; } = new(
        "Forecasts",
        7,
        "5 % canary. When half of the evidence is there, the forecast is compared with the canary requests that the rest really takes. Runs in which the block that reached the half decided as well have nothing to "
            + "forecast and are left out.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        (string Name, RateTerms Terms, double Stable, double Canary, string Median, string Holds)[] rows =
        [
            ("rollback 1 → 5 %", RateRun.Worse(Line.Equal), 0.01, 0.05, "1.43 ×", "89 %"),
            ("rollback 1 → 2 %", RateRun.Worse(Line.Equal), 0.01, 0.02, "1.25 ×", "80 %"),
            ("rollback 5 → 10 %", RateRun.Worse(Line.Equal), 0.05, 0.1, "1.36 ×", "83 %"),
            ("promotion at 1 %, +2 pp", RateRun.NotWorse(new(0.02, 1)), 0.01, 0.01, "1.23 ×", "87 %"),
            ("promotion at 5 %, +2 pp", RateRun.NotWorse(new(0.02, 1)), 0.05, 0.05, "1.26 ×", "84 %"),
        ];
        var seed = 701ul;
        foreach (var (name, terms, stable, canary, median, holds) in rows)
        {
            var runs = effort.Runs(8_000);
            var seen = Runs.Of(runs, seed, random => Run(random, terms, stable, canary)).OfType<(Forecast Said, double Real)>().ToArray();
            var ratio = Estimate.Quantile(seen.Select(run => run.Said.Expected / run.Real), 0.5);
            var means = seen.Average(run => run.Said.Expected) / seen.Average(run => run.Real);
            yield return new($"{name}: forecast over real, median", Unit.Ratio, ratio, runs, seed)
                { Goal = new(0.7, 1.5), Detail = string.Create(CultureInfo.InvariantCulture, $"of the means {means:0.00} ×"), Reference = median };
            yield return new($"{name}: the 90 % figure holds", Unit.Share, Estimate.Share(seen.Count(run => run.Real <= run.Said.P90), seen.Length), seen.Length, seed++)
                { Goal = Goal.AtLeast(0.8), Reference = holds };
        }
    }

    // Rates that lie on the wrong side of the line have no forecast: as nothing was promised, an endless one counts.
    private static (Forecast Said, double Real)? Run(SplitMix64 random, RateTerms terms, double stable, double canary)
    {
        var (requests, state, wanted, total) = (new Requests(random, _ => new(0.05, stable, canary)), RateTest.Start(terms), terms.Worse ? RateRun.Rollback : RateRun.Promotion, default(Block));
        (Forecast Said, long At)? half = null;
        while (requests.CanaryCount < Most)
        {
            var block = requests.NextBlock();
            (state, total) = (RateTest.Add(terms, state, block), total.Plus(block));
            if (state.LogE >= wanted) return half is { } said ? (said.Said, requests.CanaryCount - said.At) : null;
            if (half is null && state.LogE >= wanted / 2) half = (Ahead(terms, state, total, wanted), requests.CanaryCount);
        }
        return half is { } open ? (open.Said, Most) : null;
    }

    private static Forecast Ahead(RateTerms terms, RateState state, Block total, double wanted)
    {
        var expected = RateTest.Expected(terms, state);
        var canary = (total.CanaryBad + (10 * expected)) / (total.CanaryCount + 10);
        return Forecast.Of(terms.Line, terms.Worse, wanted - state.LogE, canary, expected, total.StableCount / (double)total.CanaryCount) ?? new(double.PositiveInfinity, double.PositiveInfinity);
    }
}
