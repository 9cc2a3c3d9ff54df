using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 4: a version that turns bad late is found about as fast as one that was bad from the start.</summary>
internal static class LateRegressions
{
    private const long Most = 20_000;

    private static readonly (long After, string With, string Without)[] Rows =
        [(0, "176", "167"), (250, "269", "261"), (1_000, "279", "416"), (4_000, "290", "709"), (8_000, "285", "947")];

    public static Section Section { get; } = new(
        "Late regressions",
        4,
        "Errors rise from 1 to 5 % after so many good canary requests; canary requests from then to the rollback; 5 % canary, the line \"not worse at all\". Runs that were rolled back before are left out. "
            + "The goal is on the mean after 8,000 good requests as a multiple of the mean at once.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var (seed, with) = (401ul, RateRun.Worse(Line.Equal));
        var means = new Dictionary<long, Estimate>();
        foreach (var (after, reference, _) in Rows)
        {
            var figure = Of($"after {after:#,##0} good requests", effort.Runs(2_000), seed++, with, after);
            means[after] = figure.Measured;
            yield return figure with { Reference = reference };
        }
        foreach (var (after, _, reference) in Rows)
            yield return Of($"after {after:#,##0} good requests, without restarts", effort.Runs(1_000), seed++, with with { Restarts = null }, after) with { Reference = reference };
        var (late, early) = (means[8_000], means[0]);
        var ratio = late.Value / early.Value;
        var error = ratio * Math.Sqrt(Math.Pow(late.Error / late.Value, 2) + Math.Pow(early.Error / early.Value, 2));
        yield return new("after 8,000 good requests, over at once", Unit.Ratio, new(ratio, error), effort.Runs(2_000), 401) { Detail = "seeds 401 and 405", Goal = Goal.AtMost(1.8), Reference = "1.6 ×" };
    }

    private static Figure Of(string name, int runs, ulong seed, RateTerms terms, long after)
    {
        var found = Runs.Of(runs, seed, random => RateRun.Until(random, terms, canary => new(0.05, 0.01, canary < after ? 0.01 : 0.05), after + Most));
        return Sampled.Requests(name, [.. found.Where(requests => requests is null || requests > after).Select(requests => requests - after)], Most, seed);
    }
}
