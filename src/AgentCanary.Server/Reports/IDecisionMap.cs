using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Reports;

/// <summary>
/// Knows which decision led to an id that an agent gave: an answer's, a conversation's, a task's or a trace's. Implementations are thread-safe, hold a bounded number of ids, and neither
/// block nor throw. Without one such ids stay unknown.
/// </summary>
public interface IDecisionMap
{
    /// <summary>Finds the decision behind an id, of kinds other than <see cref="JoinKind.Decision"/>.</summary>
    /// <returns>Whether it is known by now; it may be later.</returns>
    bool TryFind(in JoinKey key, out DecisionId decision);
}
