namespace AgentCanary.Analysis;

/// <summary>The canary fails its probes.</summary>
/// <param name="Reason">Since when, and what the last probe said.</param>
/// <param name="IsFinal">Whether it has failed for so long that the rollout rolls back.</param>
public sealed record CanaryFault(string Reason, bool IsFinal);
