using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>A change of a rollout file that lets nine in ten rollouts end in time. Immutable and thread-safe.</summary>
/// <param name="Margin">The margin of promotion to write under <c>analysis</c>; null where the file's own stays.</param>
/// <param name="Stages">The stages with the weights to write.</param>
/// <param name="Seconds">How long the rollout then takes, by the same computation.</param>
public sealed record Fit(double? Margin, ImmutableArray<Stage> Stages, Spread Seconds);
