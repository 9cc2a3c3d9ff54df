using AgentCanary.Control;

namespace AgentCanary;

/// <summary>A change that is served.</summary>
/// <param name="Transition">What changed.</param>
/// <param name="Asked">What a person asked for, or null where nobody did.</param>
internal sealed record Change(Transition Transition, RolloutCommand? Asked)
{
    /// <summary>Gets what has to be asked again where another process wrote first; null where the next evaluation finds it by itself. A rollback always wins.</summary>
    public RolloutCommand? Again => Asked is not null ? Asked with { Revision = null }
        : Transition.Next.Phase is Phase.RolledBack ? new RolloutCommand.Rollback { Actor = Transition.Event.Actor, Reason = Transition.Event.Reason }
        : null;
}
