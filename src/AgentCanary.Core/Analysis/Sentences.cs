namespace AgentCanary.Analysis;

/// <summary>Verdicts as sentences that an engineer can read aloud.</summary>
internal static class Sentences
{
    public static string Of(Check check, CheckResult result, Verdict verdict, bool isAgainstLast)
    {
        var canary = $"{Figure(check, result.Canary)} on canary";
        var control = result.Control is { } value ? $" vs {Figure(check, value)} on {(isAgainstLast ? "the last control" : "stable")}" : "";
        var counts = result.Control is null ? $"n = {Words.Number(result.CanaryCount)}" : $"n = {Words.Number(result.CanaryCount)} and {Words.Number(result.ControlCount)}";
        var says = verdict switch { Verdict.Fail => "fails", Verdict.Pass => "holds", _ => "has no verdict yet" };
        return $"'{check.Text}' {says}: {canary}{control} ({counts})";
    }

    public static string Figure(Check check, double? value) => value switch
    {
        null => "nothing",
        { } figure when check.Metric.IsRate => Words.Percent(figure),
        { } figure when check.Metric.IsDuration => $"{Words.Number(figure)} ms",
        { } figure => Words.Number(figure),
    };
}
