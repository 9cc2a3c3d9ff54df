namespace AgentCanary.Control;

/// <summary>A change of a rollout: the state after it, and the event that tells of it. Both are written together or not at all.</summary>
/// <param name="Next">The state after the change.</param>
/// <param name="Event">The event, without its hash.</param>
public sealed record Transition(RolloutState Next, RolloutEvent Event);
