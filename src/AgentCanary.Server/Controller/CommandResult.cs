namespace AgentCanary.Server.Controller;

/// <summary>What became of a command.</summary>
/// <param name="Status">The result.</param>
/// <param name="Snapshot">The rollout after it; null where the agent has none.</param>
/// <param name="Reason">The sentence for the asker.</param>
public sealed record CommandResult(CommandStatus Status, RolloutSnapshot? Snapshot, string Reason);
