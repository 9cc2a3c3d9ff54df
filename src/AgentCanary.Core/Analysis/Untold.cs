using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>
/// What is done about answers that should have told their cost or their tokens and did not, and about pairs that a judge would not judge. They are left out, never taken for nothing; where they are too many, the others may be the cheap ones,
/// and the check has no data.
/// </summary>
internal static class Untold
{
    /// <summary>Tells whether too many answers of an arm that counts did not tell the metric: in the stage, or in all that a test has seen.</summary>
    public static bool IsPartial(Check check, AnalysisInput input) => IsPartial(check, input.Canary, Other(input)) || IsPartialSoFar(check, input);

    /// <summary>Tells whether too many answers in either of two windows did not tell the metric; stable's matter where the check compares.</summary>
    public static bool IsPartial(Check check, MetricWindow canary, MetricWindow control) =>
        IsTold(check) && (MetricReading.Of(check.Metric, canary).IsPartial || (check.Compares && MetricReading.Of(check.Metric, control).IsPartial));

    /// <summary>Judges a check that has no data for that reason.</summary>
    public static CheckResult Judge(Check check, AnalysisInput input)
    {
        var (canary, control) = IsPartial(check, input.Canary, Other(input)) ? (input.Canary, Other(input)) : (input.Evidence!.CanaryTold, input.Evidence.ControlTold);
        var (own, other) = (MetricReading.Of(check.Metric, canary), MetricReading.Of(check.Metric, control));
        return PointTest.Without(check, isDue: input.Canary.Finished >= Math.Max(1, input.Stage.MinRequests), new()
        {
            Check = check.Text,
            OnFail = check.OnFail,
            IsGating = check.OnFail is not OnFail.Warn && (input.HasControl || !check.Compares),
            CanaryCount = own.Count,
            ControlCount = other.Count,
            Because = new(() => $"'{check.Text}' has no data: {Sentence(check, canary, control, input.UnpricedModels)}"),
        });
    }

    /// <summary>Adds to what is said of a check how many answers it leaves out.</summary>
    public static CheckResult Noted(CheckResult result, Check check, AnalysisInput input)
    {
        if (!IsTold(check) || MetricReading.Of(check.Metric, input.Canary).Untold + MetricReading.Of(check.Metric, Other(input)).Untold == 0) return result;
        var said = result.Because;
        return result with { Because = new(() => $"{said.Value}; left out: {Sentence(check, input.Canary, Other(input), input.UnpricedModels)}") };
    }

    // All other metrics are seen, whatever the answer says.
    private static bool IsTold(Check check) => check.Metric.Kind is MetricKind.CostPerRequest or MetricKind.TokensPerRequest or MetricKind.ShadowAgreement;

    // Where nobody is on stable any more, the last control is compared with.
    private static MetricWindow Other(AnalysisInput input) => input.HasControl ? input.Control : input.LastControl ?? MetricWindow.Empty;

    // A test has seen the stages that were left too, and would judge by the answers of theirs that told.
    private static bool IsPartialSoFar(Check check, AnalysisInput input) =>
        input.Evidence is { } evidence && check.HasSequentialTest && IsPartial(check, evidence.CanaryTold, evidence.ControlTold);

    private static string Sentence(Check check, MetricWindow canary, MetricWindow control, ImmutableArray<string> models)
    {
        var (unpriced, silent) = (new List<string>(), new List<string>());
        foreach (var (arm, window) in new[] { ("canary", canary), ("stable", control) })
        {
            var reading = MetricReading.Of(check.Metric, window);
            if (check.Metric.Kind is MetricKind.ShadowAgreement) return Refused(reading);
            var of = $"of {Words.Count(reading.Untold + reading.Count, $"{arm} answer")}";
            var withoutUsage = Math.Min(window.UsageUnknown, reading.Untold);
            if (reading.Untold > withoutUsage) unpriced.Add($"{Words.Number(reading.Untold - withoutUsage)} {of}");
            if (withoutUsage > 0) silent.Add($"{Words.Number(withoutUsage)} {of}");
        }
        string[] parts =
        [
            .. unpriced.Count > 0 ? [$"{string.Join(" and ", unpriced)} have no price ({Remedy(models)})"] : Array.Empty<string>(),
            .. silent.Count > 0 ? [$"{string.Join(" and ", silent)} told no usage (streams need stream_options.include_usage)"] : Array.Empty<string>(),
        ];
        return string.Join("; ", parts);
    }

    private static string Refused(MetricReading reading) =>
        $"{Words.Number(reading.Untold)} of {Words.Count(reading.Untold + reading.Count, "pair")} the judge would not judge, perhaps for what is in them (the log says why)";

    // A sentence that tells more is not read.
    private static string Remedy(ImmutableArray<string> models) => models.Length switch
    {
        0 => "they must name one model, and that be under prices",
        <= 3 => $"add {string.Join(" and ", models)} under prices",
        _ => $"add {string.Join(", ", models.Take(3))} and {models.Length - 3} more under prices",
    };
}
