using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;

namespace AgentCanary;

/// <summary>A measured quantity that checks name, such as <c>error_rate</c>, <c>p95_latency</c> or <c>score.quality</c>.</summary>
/// <param name="Kind">What is measured.</param>
/// <param name="Name">The name without a suffix of comparison.</param>
public readonly record struct Metric(MetricKind Kind, string Name)
{
    /// <summary>The score that is 1 where a shadow's answer agrees with stable's and else 0. The gateway alone gives it.</summary>
    internal const string Agreement = "shadow_agreement";

    /// <summary>The score of pairs that the judge was asked about and gave no verdict of, of which the count alone matters. No report may have such a name.</summary>
    internal const string Refused = "shadow_agreement refused";

    private const string ScorePrefix = "score.";

    private static readonly SearchValues<char> ScoreLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly FrozenDictionary<string, MetricKind> Named = new Dictionary<string, MetricKind>
    {
        ["requests"] = MetricKind.Requests,
        ["success_rate"] = MetricKind.SuccessRate,
        ["error_rate"] = MetricKind.ErrorRate,
        ["safety_violations"] = MetricKind.SafetyViolations,
        ["refusal_rate"] = MetricKind.RefusalRate,
        ["truncation_rate"] = MetricKind.TruncationRate,
        ["tool_error_rate"] = MetricKind.ToolErrorRate,
        ["rate_limited_rate"] = MetricKind.RateLimitedRate,
        ["stream_break_rate"] = MetricKind.StreamBreakRate,
        ["mean_latency"] = MetricKind.MeanLatency,
        ["tokens_per_request"] = MetricKind.TokensPerRequest,
        ["cost_per_request"] = MetricKind.CostPerRequest,
        ["shadow_agreement"] = MetricKind.ShadowAgreement,
        ["task_completion_rate"] = MetricKind.Score,
        ["task_completion"] = MetricKind.Score,
        ["user_satisfaction"] = MetricKind.Score,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Gets the names that checks may use, for messages.</summary>
    public static string Known { get; } = "requests, success_rate, error_rate, task_completion_rate, safety_violations, refusal_rate, truncation_rate, tool_error_rate, "
        + "rate_limited_rate, stream_break_rate, user_satisfaction, pNN_latency, pNN_ttft (NN = 50, 90, 95, 99), mean_latency, tokens_per_request, cost_per_request, "
        + "score.NAME, shadow_agreement";

    /// <summary>Gets the percentile of a quantile metric as a fraction, such as 0.95; 0 for other metrics.</summary>
    public double Quantile => Kind is MetricKind.LatencyQuantile or MetricKind.FirstContentQuantile
        ? int.Parse(Name.AsSpan(1, 2), NumberStyles.None, CultureInfo.InvariantCulture) / 100.0 : 0;

    /// <summary>Gets the name of the score that feeds the metric, or null where none does.</summary>
    public string? ScoreName => Kind is MetricKind.ShadowAgreement ? Agreement : Kind is not MetricKind.Score ? null
        : Name.StartsWith(ScorePrefix, StringComparison.Ordinal) ? Name[ScorePrefix.Length..]
        : Name == "task_completion_rate" ? "task_completion" : Name;

    /// <summary>Gets whether the metric is a duration, in milliseconds.</summary>
    public bool IsDuration => Kind is MetricKind.LatencyQuantile or MetricKind.FirstContentQuantile or MetricKind.MeanLatency;

    /// <summary>Gets whether the metric is a share of 0 to 1.</summary>
    public bool IsRate => Kind is MetricKind.SuccessRate or MetricKind.ErrorRate or MetricKind.RefusalRate or MetricKind.TruncationRate
        or MetricKind.ToolErrorRate or MetricKind.RateLimitedRate or MetricKind.StreamBreakRate or MetricKind.ShadowAgreement
        || ScoreName == "task_completion";

    /// <summary>Gets whether a larger value is the better one.</summary>
    public bool HigherIsBetter => Kind is MetricKind.SuccessRate or MetricKind.Score or MetricKind.ShadowAgreement or MetricKind.Requests;

    /// <summary>Finds a metric by its name without a suffix.</summary>
    /// <returns>Whether the name is known.</returns>
    public static bool TryParse(string name, out Metric metric)
    {
        ArgumentNullException.ThrowIfNull(name);
        var kind = Named.TryGetValue(name, out var named) ? named
            : name is ['p', _, _, '_', .. var rest] && name[1..3] is "50" or "90" or "95" or "99"
                ? rest switch { "latency" => MetricKind.LatencyQuantile, "ttft" => MetricKind.FirstContentQuantile, _ => (MetricKind?)null }
            : name.StartsWith(ScorePrefix, StringComparison.Ordinal) && IsScoreName(name.AsSpan(ScorePrefix.Length)) ? MetricKind.Score
            : null;
        metric = new(kind ?? default, name);
        return kind is not null;
    }

    private static bool IsScoreName(ReadOnlySpan<char> name) =>
        name.Length is >= 1 and <= 64 && !name.ContainsAnyExcept(ScoreLetters);
}
