using System.Globalization;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Decisions.Sections;

/// <summary>Goal 6: whole rollouts, by the real machine.</summary>
internal static class Rollouts
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(3);

    private static readonly RolloutSpec Spec = new()
    {
        Agent = "support-agent",
        Stable = new("v1.0.0"),
        Canary = new("v1.1.0"),
        Stages = [Stage(1, 5, 50), Stage(5, 10, 200), Stage(25, 15, 500), Stage(50, 20, 1_000), new(Weight.Full) { Name = "full", Checks = [] }],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    private static readonly (string Name, string Stable, string Canary, string Both, Phase? Wanted, string Reference)[] Scenarios =
    [
        ("equal, 0.5 %", "0.005", "", "", Phase.Completed, "0.2 / 99.8 / 0 %; 56 min"),
        ("equal, 2 %", "0.02", "", "", Phase.Completed, "0 / 97.2 / 2.8 %; 70 min"),
        ("equal, both in a wave from 0.5 to 2.5 % and back in an hour", "0.005", "", "wave=0.5%..2.5%/1h", Phase.Completed, "0.5 / 99.0 / 0.5 %; 57 min"),
        ("better, 2 → 1 %", "0.02", "error_rate=0.01", "", Phase.Completed, "0 / 100 / 0 %; 56 min"),
        ("1.5 times, 0.5 → 0.75 %, inside the last margin", "0.005", "error_rate=0.0075", "", null, "8.5 / 87 / 4.5 %; 90 and 75 min"),
        ("2 times, 0.5 → 1 %, on the last margin", "0.005", "error_rate=0.01", "", null, "93 / 4.8 / 2.2 %; 83 and 56 min"),
        ("3 times, 0.5 → 1.5 %", "0.005", "error_rate=0.015", "", Phase.RolledBack, "100 / 0 / 0 %; 49 min"),
        ("10 times, 0.5 → 5 %", "0.005", "error_rate=0.05", "", Phase.RolledBack, "100 / 0 / 0 %; 17 min"),
        ("half fail, 0.5 → 50 %", "0.005", "error_rate=0.5", "", Phase.RolledBack, "100 / 0 / 0 %; 0.8 min"),
        ("turns bad after 25 min, 0.5 → 3 %", "0.005", "error_rate=0.03,late=25m", "", Phase.RolledBack, "100 / 0 / 0 %; 30 min"),
    ];

    public static Section Section { get; } = new(
        "Whole rollouts",
        6,
        "Stages of 1, 5, 25, 50 and 100 % that bake 5, 10, 15 and 20 minutes, 10 requests/s, at most 3 hours, `error_rate_increase < 0.10` in `mode: sequential` with the defaults; the real plan, recorder, evaluator and machine on a "
            + "simulated clock. In brackets the shares rolled back / promoted / undecided, the median minutes to a rollback and to 100 %, and the mean of requests that failed beyond those that would have failed on stable.",
        Measure);

    private static IEnumerable<Figure> Measure(Effort effort)
    {
        var (seed, runs) = (601ul, effort.Runs(400));
        foreach (var (name, stable, canary, both, wanted, reference) in Scenarios)
        {
            var world = World.Read(new(10, $"error_rate={stable}", canary, both)).World!;
            var ends = Runs.Of(runs, run => Simulator.Run(Spec, world, Longest, seed, run));
            var (back, done) = (Minutes(ends, Phase.RolledBack), Minutes(ends, Phase.Completed));
            var undecided = runs - back.Length - done.Length;
            var detail = string.Create(CultureInfo.InvariantCulture,
                $"{100.0 * back.Length / runs:0.#} / {100.0 * done.Length / runs:0.#} / {100.0 * undecided / runs:0.#} %; {Median(back)} and {Median(done)} min; {ends.Average(run => run.ExtraFailures):0.#} failed");
            var share = Estimate.Share(wanted is Phase.Completed ? done.Length : back.Length, runs);
            yield return new($"{name}: {(wanted is Phase.Completed ? "promoted" : "rolled back")}", Unit.Share, share, runs, seed)
                { Detail = detail, Reference = reference, Goal = wanted switch { Phase.Completed => Goal.AtLeast(0.97), Phase.RolledBack => Goal.AtLeast(1), _ => null } };
            yield return new($"{name}: undecided", Unit.Share, Estimate.Share(undecided, runs), runs, seed) { Goal = Goal.AtMost(0.05) };
            if (canary == "error_rate=0.5") yield return new($"{name}: time to the rollback, median", Unit.Minutes, Estimate.Quantile(back, 0.5), runs, seed) { Goal = Goal.AtMost(1), Reference = "0.8 min" };
            seed++;
        }
    }

    private static Stage Stage(double percent, int minutes, int requests) => new(Weight.FromPercent(percent))
    {
        Name = $"at-{percent:0}",
        BakeTime = TimeSpan.FromMinutes(minutes),
        MinRequests = requests,
        Checks = [Check.Parse("error_rate_increase < 0.10")],
    };

    private static double[] Minutes(SimulatedRun[] runs, Phase end) => [.. runs.Where(run => run.Phase == end).Select(run => run.Time.TotalMinutes)];

    private static string Median(double[] minutes) => minutes.Length == 0 ? "–" : Estimate.Quantile(minutes, 0.5).Value.ToString("0.#", CultureInfo.InvariantCulture);
}
