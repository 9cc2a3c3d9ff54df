using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Control;

/// <summary>Which of the large figures of a stage its checks read. Immutable and thread-safe.</summary>
/// <param name="Latency">Whether they read latencies.</param>
/// <param name="FirstContent">Whether they read times to first content.</param>
/// <param name="Users">Whether the stage asks for a number of users.</param>
internal sealed record FigureNeeds(bool Latency, bool FirstContent, bool Users)
{
    /// <summary>Finds what a stage needs. Percentiles of finely told latencies are compared as plain figures only; a test has its own cuts.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="checks">Its checks.</param>
    /// <param name="tests">The terms of the tests where what is proven promotes; null where plain figures do.</param>
    public static FigureNeeds Of(Stage stage, ImmutableArray<Check> checks, SequentialTerms? tests)
    {
        bool Reads(Check check, MetricKind kind) => check.Metric.Kind == kind && (tests is null || tests.IndexOf(check) < 0);
        return new(
            checks.Any(check => Reads(check, MetricKind.LatencyQuantile) || check.Metric.Kind is MetricKind.MeanLatency),
            checks.Any(check => Reads(check, MetricKind.FirstContentQuantile)),
            stage.MinUsers > 1);
    }
}
