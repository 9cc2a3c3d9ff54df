using AgentCanary.Planning;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Output;

/// <summary>Lays an outlook out for people: what is assumed, the whole, stage by stage, and what should be known.</summary>
internal static class OutlookText
{
    public static IEnumerable<string> Write(IReadOnlyList<Outlook> outlooks) => outlooks.SelectMany((outlook, i) => i == 0 ? Lines(outlook) : Lines(outlook).Prepend(""));

    private static IEnumerable<string> Lines(Outlook outlook) =>
        Head(outlook).Concat(Whole(outlook)).Concat(outlook.Stages.SelectMany(Stage)).Concat(Fitting(outlook)).Concat(Warnings(outlook));

    private static IEnumerable<string> Head(Outlook outlook)
    {
        var spec = outlook.Spec;
        yield return $"{spec.Agent}: {spec.Stable.Version} to {spec.Canary.Version}, {Rate(outlook.Traffic.PerSecond)}";
        yield return "";
        yield return "Assumed:";
        foreach (var assumption in outlook.Assumptions) yield return $"  {assumption}";
        yield return spec.Analysis.Mode is AnalysisMode.Point ? "  nothing is proven, so nothing is drawn: the times follow from the file"
            : $"  the figures come from {RolloutPlanner.Runs} made rollouts through the tests that a server runs: another draw differs by about 5 %";
        yield return "";
    }

    private static IEnumerable<string> Whole(Outlook outlook)
    {
        var rows = new List<string[]> { new[] { "stage", "weight", "half leave within", "9 in 10 within", "waits last for", "users exposed" } };
        foreach (var stage in outlook.Stages)
        {
            var cause = stage.WaitsFor is "nothing" ? "" : stage.WaitsFor;
            rows.Add([stage.Stage.Name, $"{stage.Stage.Weight}", PlanWords.Time(stage.Seconds.Median), PlanWords.Time(stage.Seconds.P90), cause, Users(stage)]);
        }
        rows.Add(["all", "", PlanWords.Time(outlook.Seconds.Median), PlanWords.Time(outlook.Seconds.P90), "", ""]);
        return Columns.Of(rows).Append("").Append(FastRule(outlook));
    }

    private static string FastRule(Outlook outlook) => outlook.Spec.Analysis.FastFailures is > 0 and var failures
        ? $"fast_failures: {failures} failures in a row take an equal canary back in {(outlook.FastAlarm < 1e-6 ? "less than one of a million" : $"{PlanWords.Roughly(outlook.FastAlarm)} of all")} rollouts"
        : "fast_failures: 0, so no row of failures rolls back by itself";

    private static IEnumerable<string> Stage(StageOutlook stage)
    {
        if (stage.Checks.All(check => !check.IsGating) && stage.BadCanaries.IsEmpty) yield break;
        yield return "";
        yield return $"{stage.Stage.Name}: {stage.Stage.Weight}, {Rate(stage.CanaryPerSecond)} on the canary";
        var rows = new List<string[]> { new[] { "  check", "canary requests", "9 in 10", "time", "9 in 10", "what is shown" } };
        rows.AddRange(stage.Checks.Select(Row));
        foreach (var line in Columns.Of(rows)) yield return line;
        if (stage.BadCanaries.IsEmpty) yield break;
        rows = [["  a canary that fails", "is rolled back after", "9 in 10", "time", "failed requests", ""], .. stage.BadCanaries.Select(Row)];
        foreach (var line in Columns.Of(rows)) yield return line;
    }

    private static string[] Row(CheckOutlook check) => check.IsGating
        ? [$"  {check.Check.Text}", Count(check.Samples.Median), Count(check.Samples.P90), InStage(check, check.Seconds.Median), InStage(check, check.Seconds.P90), check.Shows]
        : [$"  {check.Check.Text}", "-", "-", "-", "-", check.Shows];

    // Evidence is carried from stage to stage.
    private static string InStage(CheckOutlook check, double seconds) => seconds == 0 && check.Samples.Median > 0 ? "before" : Time(seconds);

    private static string[] Row(BadCanaryOutlook canary) => double.IsInfinity(canary.Requests.Mean)
        ? [$"  {PlanWords.Share(canary.ErrorRate)}", "never", "", "", "", "no check can tell it from stable"]
        :
        [
            $"  {PlanWords.Share(canary.ErrorRate)}", $"{Count(canary.Requests.Mean)} canary requests", Count(canary.Requests.P90), PlanWords.Time(canary.Seconds.Mean),
            Count(canary.Failed.Mean), canary.IsInsideMargin ? "inside the margin: the stage may be left first" : "",
        ];

    private static IEnumerable<string> Fitting(Outlook outlook)
    {
        if (outlook.Fitting is not { } fitting) yield break;
        var budget = PlanWords.Time(fitting.Budget.TotalSeconds);
        yield return "";
        yield return $"Within {budget}{(fitting.FitsAsWritten ? ": fits as written." : fitting.Fits.IsEmpty ? ": nothing fits." : ", nine times in ten:")}";
        foreach (var fit in fitting.Fits)
            yield return $"  {Change(fit, outlook)}: half end within {PlanWords.Time(fit.Seconds.Median)}, 9 in 10 within {PlanWords.Time(fit.Seconds.P90)}";
        if (fitting.Obstacle is { } obstacle) yield return $"  {obstacle}";
        foreach (var known in fitting.Known) yield return $"  {known}";
    }

    private static string Change(Fit fit, Outlook outlook)
    {
        string[] margin = fit.Margin == outlook.Spec.Analysis.Margin ? [] : [FormattableString.Invariant($"analysis: {{ margin: {fit.Margin:0.###} }}")];
        var weights = fit.Stages.Zip(outlook.Stages).Where(each => each.First.Weight != each.Second.Stage.Weight);
        return string.Join(", ", [.. margin, .. weights.Select(each => $"{each.First.Name} at {each.First.Weight}")]);
    }

    private static IEnumerable<string> Warnings(Outlook outlook)
    {
        if (outlook.Warnings.IsEmpty) yield break;
        yield return "";
        yield return "Know before you start:";
        foreach (var warning in outlook.Warnings) yield return $"  - {warning}";
    }

    private static string Users(StageOutlook stage) => double.IsFinite(stage.UsersExposed) ? Count(stage.UsersExposed) : "-";

    private static string Count(double count) => double.IsNaN(count) ? "?" : PlanWords.Count(count);

    private static string Time(double seconds) => double.IsNaN(seconds) ? "?" : PlanWords.Time(seconds);

    private static string Rate(double perSecond) => perSecond switch
    {
        >= 0.2 => FormattableString.Invariant($"{perSecond:0.##} requests a second"),
        >= 5 / 60.0 => FormattableString.Invariant($"{perSecond * 60:0.##} requests a minute"),
        >= 5 / 3600.0 => FormattableString.Invariant($"{perSecond * 3600:0.##} requests an hour"),
        _ => FormattableString.Invariant($"{perSecond * 86_400:0.##} requests a day"),
    };
}
