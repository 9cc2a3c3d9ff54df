namespace AgentCanary.Server.Reports;

/// <summary>Names the request that a report is about. Immutable and thread-safe.</summary>
/// <param name="Kind">What kind of id it is.</param>
/// <param name="Id">The id, at most 256 characters.</param>
/// <param name="Agent">The agent whose id it is, or null where the reporter did not say: agents may give the same ids.</param>
public readonly record struct JoinKey(JoinKind Kind, string Id, string? Agent = null);
