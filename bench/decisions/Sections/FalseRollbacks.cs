using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 1: a good version is rolled back at most once in a hundred rollouts.</summary>
internal static class FalseRollbacks
{
    // 1,000,000 requests at 5 %.
    private const long Million = 50_000;

    // Each of four stages lasts so long; together 8,000 canary requests.
    private const long Stage = 2_000;

    private static readonly double[] Weights = [0.01, 0.05, 0.25, 0.5];

    public static Section Section { get; } = new(
        "False rollbacks",
        1,
        "Both versions are equal and the tolerance line is \"not worse at all\", the hardest null there is; a look after every closed block; α = 1 %. \"Stages\" are 1, 5, 25 and 50 % for 2,000 canary requests each. "
            + "The climb goes on from the first to the last canary request; the incident lasts 400 canary requests of the 25 % stage.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        foreach (var (rate, seed, reference) in new[] { (0.001, 101u, "0.4 %"), (0.01, 102u, "0.6 %"), (0.05, 103u, "0.3 %") })
            yield return Of($"equal at {rate * 100:0.#} % errors, 1,000,000 requests at 5 %", effort.Runs(4_000), seed, Line.Equal, _ => new(0.05, rate, rate), Million, reference);
        yield return Of("on the default line: 1 % against 1.2 %, 1,000,000 requests at 5 %", effort.Runs(4_000), 104, new(0.001, 1.1), _ => new(0.05, 0.01, 0.012), Million, "");
        yield return Of("errors climb from 0.5 to 8 % on both, stages", effort.Runs(2_000), 105, Line.Equal, canary => Equal(canary, 0.005 + (0.075 * canary / (4 * Stage))), 4 * Stage, "0.4 %");
        yield return Of("an incident of 20 % errors on both, stages", effort.Runs(2_000), 106, Line.Equal, canary => Equal(canary, canary is >= 4_800 and < 5_200 ? 0.2 : 0.01), 4 * Stage, "0.3 %");
        yield return Of("the canary gets 6 % where 5 % is configured", effort.Runs(2_000), 107, Line.Equal, _ => new(0.06, 0.01, 0.01), 4 * Stage, "0.4 %");
    }

    private static Figure Of(string name, int runs, ulong seed, Line line, Func<long, Conditions> world, long most, string reference)
    {
        var terms = RateRun.Worse(line);
        var rolledBack = Runs.Of(runs, seed, random => RateRun.Until(random, terms, world, most) is not null).Count(isRolledBack => isRolledBack);
        return new(name, Unit.Share, Estimate.Share(rolledBack, runs), runs, seed) { Goal = Goal.AtMost(0.01), Reference = reference };
    }

    private static Conditions Equal(long canary, double rate) => new(Weights[Math.Min(3, canary / Stage)], rate, rate);
}
