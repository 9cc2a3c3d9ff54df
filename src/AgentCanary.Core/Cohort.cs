using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>A named group of callers. A caller is in it when every rule holds.</summary>
/// <param name="Name">The name, <c>[a-z0-9._-]{1,64}</c>.</param>
/// <param name="Rules">The rules, at least one.</param>
public sealed record Cohort(string Name, ImmutableArray<CohortRule> Rules);
