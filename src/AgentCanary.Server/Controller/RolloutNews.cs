using AgentCanary.Control;

namespace AgentCanary.Server.Controller;

/// <summary>Something that happened to a rollout. Immutable and thread-safe.</summary>
/// <param name="Snapshot">The rollout as it stands.</param>
/// <param name="Event">The change that was written; null where only the figures moved.</param>
public sealed record RolloutNews(RolloutSnapshot Snapshot, RolloutEvent? Event);
