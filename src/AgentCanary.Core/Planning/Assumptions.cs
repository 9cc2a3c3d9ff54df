using System.Globalization;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Says what a plan takes for granted, and where each figure comes from.</summary>
internal static class Assumptions
{
    public static IEnumerable<string> Of(RolloutSpec spec, Script script, Traffic traffic, Baseline baseline)
    {
        var metrics = script.Stages.SelectMany(stage => stage.Checks).Select(check => check.Metric).Distinct().ToArray();
        yield return $"both versions are equal; error_rate {PlanWords.Share(baseline.ErrorRate)}{Source(baseline, "error_rate", "success_rate")}";
        if (metrics.Any(metric => metric.Kind is MetricKind.LatencyQuantile or MetricKind.MeanLatency)) yield return Times(baseline, "latency", baseline.Latency);
        if (metrics.Any(metric => metric.Kind is MetricKind.FirstContentQuantile)) yield return Times(baseline, "ttft", baseline.FirstContent);
        foreach (var rate in metrics.Where(IsRate)) yield return $"{rate.Name} {PlanWords.Share(baseline.BadRate(rate.Kind))}{Source(baseline, rate.Name)}";
        foreach (var score in metrics.Where(metric => metric.Kind is MetricKind.Score)) yield return Score(baseline, score);
        if (metrics.Any(metric => metric.Kind is MetricKind.CostPerRequest or MetricKind.TokensPerRequest))
            yield return string.Create(CultureInfo.InvariantCulture, $"cost and tokens: lognormal with sigma {LatencyShape.TypicalSigma} (assumed)");
        yield return traffic.PerUser == 1 ? "a user sends one request (--requests-per-user)"
            : $"a user sends {Words.Number(traffic.PerUser)} requests, and they fail independently of each other";
        if (spec.Exclude.Length > 0 || spec.Stages.Any(stage => !stage.Cohorts.IsEmpty))
            yield return $"each cohort sends {PlanWords.Share(traffic.CohortShare)} of all requests (--cohort-share)";
    }

    private static bool IsRate(Metric metric) => metric.IsRate && metric.ScoreName is null && metric.Kind is not (MetricKind.ErrorRate or MetricKind.SuccessRate);

    private static string Times(Baseline baseline, string suffix, LatencyShape shape)
    {
        var given = baseline.Figures.Keys.Where(name => name.StartsWith('p') && name.EndsWith($"_{suffix}", StringComparison.Ordinal)).ToArray();
        return $"p95_{suffix} {Words.Duration(TimeSpan.FromMilliseconds(shape.Quantile(0.95)))}{(given.Length > 0 ? "" : $" (assumed: --baseline p95_{suffix}=…)")}, lognormal "
            + string.Create(CultureInfo.InvariantCulture, $"with sigma {shape.Sigma:0.##}{(given.Length > 1 ? "" : " (assumed: two percentiles tell it)")}");
    }

    private static string Score(Baseline baseline, Metric metric) => metric.IsRate
        ? $"{metric.Name} {PlanWords.Share(baseline.Given(metric.Name) ?? Sources.AssumedScore)}{Source(baseline, metric.Name)}"
        : $"{metric.Name} {(baseline.Given(metric.Name) is { } mean ? Words.Number(mean) : $"at {Words.Number(Sources.AssumedScore)} of its range (assumed)")}, "
            + string.Create(CultureInfo.InvariantCulture, $"with a standard deviation of {Sources.ScoreDeviation} of its range (assumed)");

    private static string Source(Baseline baseline, params string[] names) =>
        Array.Exists(names, name => baseline.Given(name) is not null) ? "" : $" (assumed: --baseline {names[0]}=…)";
}
