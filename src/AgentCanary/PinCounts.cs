namespace AgentCanary;

/// <summary>How many conversations belong to each version of a rollout now.</summary>
/// <param name="Canary">Those of the canary.</param>
/// <param name="Stable">Those of stable.</param>
public readonly record struct PinCounts(long Canary, long Stable);
