namespace AgentCanary.Control;

/// <summary>Another writer changed the rollout first.</summary>
/// <param name="agent">The agent's name.</param>
/// <param name="expected">The revision that the writer had read.</param>
/// <param name="actual">The revision that is stored.</param>
public sealed class RolloutConflictException(string agent, long expected, long actual) : Exception(
    $"The rollout of '{agent}' is at revision {actual}, not {expected}: another writer came first. Read it again and decide anew.")
{
    /// <summary>Gets the revision that is stored, 0 where there is none.</summary>
    public long ActualRevision { get; } = actual;
}
