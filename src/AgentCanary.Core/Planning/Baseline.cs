using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>How a version does, by the metric names of checks. What is not given is assumed. Immutable and thread-safe.</summary>
public sealed record Baseline
{
    private const double AssumedBadRate = 0.01;
    private const double AssumedAmount = 1000;
    private static readonly LatencyShape AssumedLatency = LatencyShape.Of(0.95, 800);
    private static readonly LatencyShape AssumedFirstContent = LatencyShape.Of(0.95, 400);

    private Baseline(ImmutableSortedDictionary<string, double> figures) => Figures = figures;

    /// <summary>Gets a baseline of which nothing is given.</summary>
    public static Baseline Assumed { get; } = new(ImmutableSortedDictionary.Create<string, double>(StringComparer.Ordinal));

    /// <summary>Gets what was given, by metric: fractions for rates and scores, milliseconds for durations.</summary>
    public ImmutableSortedDictionary<string, double> Figures { get; }

    /// <summary>Gets the share of failed answers: 0.01 unless given.</summary>
    public double ErrorRate => Given("error_rate") ?? 1 - Given("success_rate") ?? AssumedBadRate;

    /// <summary>Gets the safety violations of one request: none unless given.</summary>
    public double SafetyRate => Given("safety_violations") ?? 0;

    internal LatencyShape Latency => Shape("_latency", AssumedLatency);

    internal LatencyShape FirstContent => Shape("_ttft", AssumedFirstContent);

    /// <summary>Reads figures such as <c>error_rate=0.01,p95_latency=800ms</c>.</summary>
    /// <returns>The baseline, or every fault of the text.</returns>
    public static (Baseline? Baseline, ImmutableArray<string> Faults) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var faults = new List<string>();
        var figures = ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);
        foreach (var item in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var (name, value, fault) = BaselineFigure.Read(item);
            if (name is null) faults.Add(fault!);
            else if (!figures.TryAdd(Canonical(name), value)) faults.Add($"{name} is given twice: write it once");
        }
        var baseline = new Baseline(figures.ToImmutable());
        faults.AddRange(baseline.Contradictions());
        return faults.Count == 0 ? (baseline, []) : (null, [.. faults]);
    }

    /// <summary>Finds what was given of a metric, or null.</summary>
    /// <param name="metric">The metric's name.</param>
    public double? Given(string metric) => Figures.TryGetValue(Canonical(metric), out var value) ? value : null;

    /// <summary>The figure of a metric as a check reads it; null where it is not given and nothing sensible can be assumed.</summary>
    internal double? Of(Metric metric) => metric.Kind switch
    {
        MetricKind.ErrorRate => ErrorRate,
        MetricKind.SuccessRate => 1 - ErrorRate,
        MetricKind.SafetyViolations => SafetyRate,
        MetricKind.LatencyQuantile => Given(metric.Name) ?? Latency.Quantile(metric.Quantile),
        MetricKind.FirstContentQuantile => Given(metric.Name) ?? FirstContent.Quantile(metric.Quantile),
        MetricKind.MeanLatency => Given(metric.Name) ?? Latency.Mean,
        MetricKind.Score => Given(metric.Name),
        _ when metric.IsRate => Given(metric.Name) ?? AssumedBadRate,
        _ => Given(metric.Name),
    };

    /// <summary>Tells whether some percentile of a metric's kind is given, so that the others follow.</summary>
    internal bool HasTimes(Metric metric) => Percentiles(metric.Kind is MetricKind.FirstContentQuantile ? "_ttft" : "_latency").Length > 0;

    /// <summary>The share of bad answers of a class.</summary>
    internal double BadRate(MetricKind kind) => Figures.Where(figure => Metric.TryParse(figure.Key, out var metric) && metric.Kind == kind)
        .Select(figure => figure.Value).FirstOrDefault(AssumedBadRate);

    /// <summary>The mean of a score by its quantity, such as <c>score.task_completion</c>; null where it is not given.</summary>
    internal double? Score(string quantity) => Given(quantity) ?? Given(quantity[(quantity.IndexOf('.', StringComparison.Ordinal) + 1)..]);

    /// <summary>How an amount spreads around its mean; null where the mean is needed and not given.</summary>
    internal LatencyShape? Amount(string metric, bool isMeanNeeded) =>
        Given(metric) is { } mean ? LatencyShape.OfMean(mean) : isMeanNeeded ? null : LatencyShape.OfMean(AssumedAmount);

    private static string Canonical(string metric) => metric == "task_completion" ? "task_completion_rate" : metric;

    /// <summary>Adds the figures of another list.</summary>
    /// <returns>All of them, and what they contradict each other in.</returns>
    internal (Baseline Sum, ImmutableArray<string> Faults) Plus(Baseline other)
    {
        var sum = new Baseline(Figures.SetItems(other.Figures));
        return (sum, [.. Figures.Keys.Intersect(other.Figures.Keys).Select(name => $"{name} is given twice: write it once"), .. sum.Contradictions()]);
    }

    /// <summary>The shape of the percentiles of a suffix; <paramref name="assumed"/> where none is given, and of its spread where only one is.</summary>
    internal LatencyShape Shape(string suffix, LatencyShape assumed)
    {
        var points = Percentiles(suffix);
        return points switch
        {
            [] => assumed,
            [var (only, time)] => LatencyShape.Of(only, time, assumed.Sigma),
            [var (lower, lowerTime), .., var (upper, upperTime)] => LatencyShape.Of(lower, lowerTime, upper, upperTime),
        };
    }

    private (double Quantile, double Milliseconds)[] Percentiles(string suffix) =>
        [.. Figures.Where(figure => figure.Key.StartsWith('p') && figure.Key.EndsWith(suffix, StringComparison.Ordinal))
            .Select(figure => (new Metric(MetricKind.LatencyQuantile, figure.Key).Quantile, figure.Value))];

    private IEnumerable<string> Contradictions()
    {
        if (Figures.TryGetValue("error_rate", out var errors) && Figures.TryGetValue("success_rate", out var successes) && Math.Abs(errors + successes - 1) > 1e-9)
            yield return "error_rate and success_rate do not add up to 1: write one of them";
        foreach (var suffix in (string[])["_latency", "_ttft"])
        {
            var points = Percentiles(suffix);
            for (var i = 1; i < points.Length; i++)
            {
                if (points[i].Milliseconds <= points[i - 1].Milliseconds)
                    yield return $"p{points[i].Quantile * 100:0}{suffix} is not above p{points[i - 1].Quantile * 100:0}{suffix}: a higher percentile is a longer time";
            }
        }
    }
}
