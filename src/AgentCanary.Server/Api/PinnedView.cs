namespace AgentCanary.Server.Api;

/// <summary>How many conversations belong to a version, as JSON.</summary>
/// <param name="Canary">Those of the canary.</param>
/// <param name="Stable">Those of stable.</param>
public sealed record PinnedView(long Canary, long Stable);
