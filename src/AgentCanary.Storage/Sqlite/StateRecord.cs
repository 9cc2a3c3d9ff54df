namespace AgentCanary.Storage.Sqlite;

/// <summary>A row of <c>rollouts</c> without its key.</summary>
internal sealed record StateRecord(long Revision, long Attempt, string State);
