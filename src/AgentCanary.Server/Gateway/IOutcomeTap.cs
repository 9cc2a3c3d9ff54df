namespace AgentCanary.Server.Gateway;

/// <summary>
/// Sees every outcome as it is recorded, such as to write a trace. Called on the request's own thread, once per assigned request: implementations are
/// thread-safe, do not block and do not throw. Register at most one.
/// </summary>
public interface IOutcomeTap
{
    /// <summary>Takes one outcome.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="assignment">Who served, and what it counts for.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="key">The sticky key, or null where the request had none.</param>
    /// <param name="startedAt">When the request came, UTC.</param>
    void OnOutcome(string agent, in Assignment assignment, in Outcome outcome, string? key, DateTimeOffset startedAt);
}
