using System.Collections.Immutable;

namespace AgentCanary.Planning.Simulation;

/// <summary>How one version answers in a made world. Immutable and thread-safe.</summary>
internal sealed record VersionModel
{
    public required double ErrorRate { get; init; }

    /// <summary>Gets which share of the failures are broken streams.</summary>
    public double BrokenShare { get; init; }

    public double RefusalRate { get; init; }

    public double TruncationRate { get; init; }

    public double ToolErrorRate { get; init; }

    public double RateLimitedRate { get; init; }

    public double SafetyRate { get; init; }

    public required LatencyShape Latency { get; init; }

    /// <summary>Gets how long failures take; as long as answers where it is null.</summary>
    public LatencyShape? FailureLatency { get; init; }

    public LatencyShape? FirstContent { get; init; }

    public Scatter? Tokens { get; init; }

    public Scatter? Cost { get; init; }

    /// <summary>Gets the scores by the names that outcomes carry.</summary>
    public ImmutableArray<MadeScore> Scores { get; init; } = [];

    /// <summary>Gets whether an answer has figures that need draws of their own.</summary>
    public bool HasExtras => Tokens is not null || Cost is not null || Scores.Length > 0;

    /// <summary>Makes a model from figures.</summary>
    /// <param name="figures">What was given.</param>
    /// <param name="deviations">The standard deviations that were given, by metric.</param>
    /// <param name="failureLatency">The median of failures in milliseconds, or null.</param>
    /// <param name="like">The model that it resembles in all else, or null for what is assumed.</param>
    public static VersionModel Of(Baseline figures, Dictionary<string, double> deviations, double? failureLatency, VersionModel? like)
    {
        var errors = figures.Given("error_rate") ?? 1 - figures.Given("success_rate") ?? like?.ErrorRate ?? Baseline.Assumed.ErrorRate;
        var broken = figures.Given("stream_break_rate") ?? (like is null ? 0 : like.BrokenShare * like.ErrorRate);
        var latency = figures.Shape("_latency", like?.Latency ?? Baseline.Assumed.Latency);
        var hasFirstContent = like?.FirstContent is not null || figures.Figures.Keys.Any(name => name.EndsWith("_ttft", StringComparison.Ordinal));
        return new()
        {
            ErrorRate = errors,
            BrokenShare = broken == 0 ? 0 : broken / errors,
            RefusalRate = figures.Given("refusal_rate") ?? like?.RefusalRate ?? 0,
            TruncationRate = figures.Given("truncation_rate") ?? like?.TruncationRate ?? 0,
            ToolErrorRate = figures.Given("tool_error_rate") ?? like?.ToolErrorRate ?? 0,
            RateLimitedRate = figures.Given("rate_limited_rate") ?? like?.RateLimitedRate ?? 0,
            SafetyRate = figures.Given("safety_violations") ?? like?.SafetyRate ?? 0,
            Latency = latency,
            FailureLatency = failureLatency is { } median ? LatencyShape.Of(0.5, median, latency.Sigma) : like?.FailureLatency,
            FirstContent = hasFirstContent ? figures.Shape("_ttft", like?.FirstContent ?? Baseline.Assumed.FirstContent) : null,
            Tokens = Amount("tokens_per_request", like?.Tokens),
            Cost = Amount("cost_per_request", like?.Cost),
            Scores = MadeScore.All(figures, deviations, like?.Scores ?? []),
        };

        Scatter? Amount(string metric, Scatter? inherited) => figures.Given(metric) is { } mean ? new(mean, deviations.TryGetValue(metric, out var given) ? given : mean * Scatter.TypicalVariation) : inherited;
    }

    /// <summary>Answers a request at an error rate.</summary>
    public Outcome Answer(in MadeRequest request, double errorRate)
    {
        var ends = Class(request, errorRate);
        var shape = ends.IsFailure && FailureLatency is { } failed ? failed : Latency;
        var latency = shape.At(request.Pace);
        return new()
        {
            Class = ends,
            Latency = TimeSpan.FromMilliseconds(latency),
            FirstContent = FirstContent is { } first && !ends.IsFailure ? TimeSpan.FromMilliseconds(Math.Min(latency, first.At(request.Pace))) : null,
            SafetyViolations = request.Harm < SafetyRate ? 1 : 0,
        };
    }

    /// <summary>Tells whether a request would fail at an error rate.</summary>
    public bool Fails(in MadeRequest request, double errorRate) => Class(request, errorRate).IsFailure;

    /// <summary>Tells whether any figure but the error rate is worse than another version's.</summary>
    public bool IsWorseThan(VersionModel other) =>
        RefusalRate > other.RefusalRate || TruncationRate > other.TruncationRate || ToolErrorRate > other.ToolErrorRate || RateLimitedRate > other.RateLimitedRate
        || SafetyRate > other.SafetyRate || BrokenShare * ErrorRate > other.BrokenShare * other.ErrorRate
        || IsSlower(Latency, other.Latency) || IsSlower(FirstContent, other.FirstContent)
        || Tokens?.Mean > other.Tokens?.Mean || Cost?.Mean > other.Cost?.Mean
        || Scores.Any(score => other.Scores.Any(theirs => theirs.Name == score.Name && score.Scatter.Mean < theirs.Scatter.Mean));

    private static bool IsSlower(LatencyShape? shape, LatencyShape? other) =>
        shape is { } mine && other is { } theirs && (mine.Quantile(0.5) > theirs.Quantile(0.5) + 1e-9 || mine.Quantile(0.99) > theirs.Quantile(0.99) + 1e-9);

    // Failures lie at the low end of the draw and other classes at the high end, so that raising one rate changes nothing but these requests.
    private OutcomeClass Class(in MadeRequest request, double errorRate)
    {
        if (request.Quota < RateLimitedRate) return OutcomeClass.RateLimited;
        if (request.Fate < errorRate) return request.Fate < errorRate * BrokenShare ? OutcomeClass.StreamBroken : OutcomeClass.ErrorUpstream;
        var left = 1 - request.Fate;
        return left <= RefusalRate ? OutcomeClass.Refusal
            : left <= RefusalRate + TruncationRate ? OutcomeClass.Truncated
            : left <= RefusalRate + TruncationRate + ToolErrorRate ? OutcomeClass.ToolError
            : OutcomeClass.Ok;
    }
}
