using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>A stage that was left, with the scores of what it served. Immutable and thread-safe.</summary>
/// <param name="Stage">The stage's terms.</param>
/// <param name="Checks">Its checks on scores.</param>
/// <param name="Canary">The canary's scores, those that came later included.</param>
/// <param name="Control">Control's scores.</param>
public sealed record LeftStage(Stage Stage, ImmutableArray<Check> Checks, MetricWindow Canary, MetricWindow Control);
