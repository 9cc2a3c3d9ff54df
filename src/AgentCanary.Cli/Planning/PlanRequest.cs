using System.Collections.Immutable;
using AgentCanary.Planning;
using AgentCanary.Spec;

namespace AgentCanary.Cli.Planning;

/// <summary>What is to be planned.</summary>
internal sealed record PlanRequest(ImmutableArray<RolloutSpec> Specs, Traffic Traffic, Baseline Baseline, TimeSpan? Within);
