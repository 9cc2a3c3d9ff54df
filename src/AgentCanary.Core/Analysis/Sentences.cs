using System.Collections.Immutable;

namespace AgentCanary.Analysis;

/// <summary>Verdicts as sentences that an engineer can read aloud.</summary>
internal static class Sentences
{
    public static Deferred<string> Of(Check check, CheckResult result, Verdict verdict, bool isAgainstLast) => new(() =>
    {
        var canary = $"{Figure(check, result.Canary)} on canary";
        var control = result.Control is { } value ? $" vs {Figure(check, value)} on {(isAgainstLast ? "the last control" : "stable")}" : "";
        var counts = result.Control is null ? $"n = {Words.Number(result.CanaryCount)}" : $"n = {Words.Number(result.CanaryCount)} and {Words.Number(result.ControlCount)}";
        var says = verdict switch { Verdict.Fail => "fails", Verdict.Pass => "holds", _ => "has no verdict yet" };
        return $"'{check.Text}' {says}: {canary}{control} ({counts})";
    });

    /// <summary>What was seen of safety, and which rate n clean requests exclude: 1 − β^(1/n).</summary>
    public static string OfSafety(Check check, long violations, long clean, double beta) => violations > 0
        ? $"'{check.Text}' fails: {Words.Number(violations)} on canary"
        : $"'{check.Text}': none in {Words.Number(clean)} canary requests, which excludes a rate above {Words.Percent(clean == 0 ? 1 : 1 - Math.Pow(beta, 1.0 / clean))}";

    public static Deferred<string> OfMissing(long missing, string what) => new(() => $"needs {Words.Number(missing)} more {what}{(missing == 1 ? "" : "s")}");

    /// <summary>What is missing of the canary's requests, and how long that takes.</summary>
    public static Deferred<string> OfMissing(AnalysisInput input, long missing, Deferred<Prospect> prospect) => new(() =>
    {
        var time = prospect.Value.Time(missing) is { } span && prospect.Value.PerSecond is { } pace ? $" ({Words.About(span)} at {Words.Pace(pace)})" : "";
        return $"{OfMissing(missing, Noun(input)).Value}{time}";
    });

    public static Deferred<string> OfAll(AnalysisInput input, ImmutableArray<CheckResult> checks) => new(() =>
    {
        var passed = checks.Count(check => check.IsGating);
        return $"{(passed == 1 ? "the check holds" : $"all {passed} checks hold")} on {Words.Count(Analyzer.CanaryCount(input), Noun(input))}";
    });

    /// <summary>What is counted: where nobody is on the canary, the answers of its shadow that were compared.</summary>
    public static string Noun(AnalysisInput input) => input.HasCanary ? "canary request" : "compared answer";

    public static string Figure(Check check, double? value) => value switch
    {
        null => "nothing",
        { } figure when check.Metric.IsRate => Words.Percent(figure),
        { } figure when check.Metric.Kind is MetricKind.CostPerRequest => Words.Amount(figure),
        { } figure when check.Metric.IsDuration => $"{Words.Number(figure)} ms",
        { } figure => Words.Number(figure),
    };
}
