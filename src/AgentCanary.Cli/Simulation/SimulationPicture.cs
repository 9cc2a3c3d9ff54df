using System.Globalization;
using AgentCanary.Cli.Output;
using AgentCanary.Planning;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>Tells a simulation in plain text: how the rollouts ended, what it took, and where.</summary>
internal static class SimulationPicture
{
    private const double Normal975 = 1.959964;

    /// <summary>Tells it line by line, one canary after the other.</summary>
    public static IEnumerable<string> Write(IReadOnlyList<SimulationResult> results) =>
    [
        .. results.SelectMany((result, i) => i == 0 ? Canary(result) : Canary(result).Prepend("")),
        .. results.SelectMany(SimulationNotes.Of).Distinct().Select(note => $"Note: {note}."),
    ];

    private static IEnumerable<string> Canary(SimulationResult result) =>
    [
        Head(result),
        "",
        .. Columns.Of([["METHOD", "ROLLED BACK", "FALSELY", "COMPLETED", "MISSED", "UNDECIDED", "TO COMPLETION", "EXTRA FAILURES"], .. result.Methods.Select(Ends)]),
        "",
        .. Columns.Of([["UNTIL A ROLLBACK", "REQUESTS mean", "median", "p90", "x WALD", "FAILED mean", "median", "p90", "TIME median", "p90"], .. result.Methods.Select(Costs)]),
        "",
        .. Columns.Of(Stages(result)),
        "",
        .. Words(result).Select(line => $"{line}."),
    ];

    private static string Head(SimulationResult result)
    {
        var (spec, world) = (result.Options.Spec, result.Canary.World);
        return string.Create(CultureInfo.InvariantCulture, $"{spec.Agent}  {spec.Stable.Version} -> {spec.Canary.Version}, {result.Own.Runs:N0} rollouts of at most {Time(result.Options.Length.TotalSeconds)} at ")
            + string.Create(CultureInfo.InvariantCulture, $"{world.PerSecond:G4} requests/s; errors {Percent(world.StableErrorRate, 2)} on stable, {Percent(world.CanaryErrorRate, 2)} on canary; seed {result.Options.Seed}");
    }

    private static string[] Ends(MethodResult method) =>
    [
        method.Title, .. Shares(method.Summary), Time(method.Summary.SecondsToCompletion?.Median), method.Summary.ExtraFailures.ToString("0.0", CultureInfo.InvariantCulture),
    ];

    private static string[] Costs(MethodResult method) =>
    [
        method.Title, .. Figures(method.Summary.CanaryRequestsToRollback), method.Ratio?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",
        .. Figures(method.Summary.CanaryFailuresToRollback), Time(method.Summary.SecondsToRollback?.Median), Time(method.Summary.SecondsToRollback?.P90),
    ];

    private static IEnumerable<string> Shares(SimulationSummary summary) =>
        new[] { summary.RolledBack, summary.FalseRollbacks, summary.Completed, summary.Missed, summary.Undecided }.Select(share => Percent(share));

    private static string[] Figures(Spread? spread) => spread is not { } figure ? ["-", "-", "-"] : [figure.Mean < 1000 ? Columns.Figure(figure.Mean) : Whole(figure.Mean), Whole(figure.Median), Whole(figure.P90)];

    private static IReadOnlyList<string[]> Stages(SimulationResult result) =>
    [
        ["STAGE", "WEIGHT", "ENTERED", "ROLLED BACK IN IT", "UNDECIDED IN IT", "MEDIAN TIME IN IT"],
        .. result.Own.Stages.Select((stage, i) => new[]
        {
            result.Options.Spec.Stages[i].Name, result.Options.Spec.Stages[i].Weight.ToString(), Percent(stage.Entered), Percent(stage.RolledBack), Percent(stage.Undecided), Time(stage.Seconds?.Median),
        }),
    ];

    private static IEnumerable<string> Words(SimulationResult result)
    {
        var (own, spec) = (result.Own, result.Options.Spec);
        if (result.Methods[0] is { Bound: { } bound, Ratio: { } ratio })
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"At {spec.Stages[own.WorstStage!.Value].Weight} no test that rolls back a good version in {Percent(spec.Analysis.Alpha)} of rollouts can do with fewer than ")
                + string.Create(CultureInfo.InvariantCulture, $"{bound:0.#} canary requests on average (Wald); these took {bound * ratio:0.#}, {ratio:0.00} times as many");
        }
        var (low, high) = Sampling(own.RolledBack, own.Runs);
        yield return $"{Columns.Count(own.Runs)} rollouts show shares roughly: {Percent(own.RolledBack)} rolled back means {Percent(low)} to {Percent(high)} (95 % confidence)";
    }

    // E. B. Wilson 1927.
    private static (double Low, double High) Sampling(double share, int n)
    {
        var z = Normal975 * Normal975 / n;
        var middle = (share + (z / 2)) / (1 + z);
        var reach = Math.Sqrt((share * (1 - share) * z) + (z * z / 4)) / (1 + z);
        return (Math.Max(0, middle - reach), Math.Min(1, middle + reach));
    }

    private static string Percent(double share, int digits = 1) => $"{(share * 100).ToString(digits == 1 ? "0.0" : "0.##", CultureInfo.InvariantCulture)} %";

    private static string Whole(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Time(double? seconds) => seconds is not { } time ? "-"
        : time < 60 ? string.Create(CultureInfo.InvariantCulture, $"{time:0.#} s")
        : time < 7200 ? string.Create(CultureInfo.InvariantCulture, $"{time / 60:0.0} min")
        : time < 172_800 ? string.Create(CultureInfo.InvariantCulture, $"{time / 3600:0.0} h")
        : string.Create(CultureInfo.InvariantCulture, $"{time / 86_400:0.0} d");
}
