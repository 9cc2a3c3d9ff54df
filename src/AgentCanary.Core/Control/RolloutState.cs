using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>What the controller remembers of a rollout. Immutable; a change is a new value with the next revision, made by <see cref="RolloutMachine"/> alone.</summary>
public sealed record RolloutState
{
    /// <summary>Gets what the person wrote.</summary>
    public required RolloutSpec Spec { get; init; }

    /// <summary>Gets the phase.</summary>
    public Phase Phase { get; init; }

    /// <summary>Gets why the rollout waits; <see cref="PauseReason.None"/> unless it is paused.</summary>
    public PauseReason Pause { get; init; }

    /// <summary>Gets the stage, from 0.</summary>
    public int Stage { get; init; }

    /// <summary>Gets when the stage was entered, UTC. For people; durations are judged by running time.</summary>
    public DateTimeOffset StageEnteredAt { get; init; }

    /// <summary>Gets the attempt, from 1; each has its own salt and evidence.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Gets the revision, from 1; one more with every change.</summary>
    public long Revision { get; init; } = 1;

    /// <summary>Gets whether a person approved leaving the present stage.</summary>
    public bool Approved { get; init; }

    /// <summary>Gets whether the deadline of the present stage was already acted upon, so that a resumed rollout is not paused again at once.</summary>
    public bool DeadlineServed { get; init; }

    /// <summary>Gets the findings that people were told of in the present stage.</summary>
    public ImmutableArray<Alert> Told { get; init; } = [];

    /// <summary>Gets the changes of served models that people were told of in the attempt.</summary>
    public ImmutableArray<ModelChange> ModelChanges { get; init; } = [];

    /// <summary>
    /// Gets what becomes of conversations on the canary of a rollout that was rolled back. <see cref="PinsOnRollback.Drain"/> until they are drained;
    /// <see cref="PinsOnRollback.Release"/> in every other phase.
    /// </summary>
    public PinsOnRollback Pins { get; init; }

    /// <summary>Gets the salt of the attempt.</summary>
    public ulong Salt { get; init; }

    /// <summary>Gets the pepper that salts are made with, 0 unless one is configured.</summary>
    public ulong Pepper { get; init; }

    /// <summary>Gets the sentence for the last change.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gets the agent's name.</summary>
    public string Agent => Spec.Agent;

    /// <summary>Gets the stage's terms.</summary>
    public Stage CurrentStage => Spec.Stages[Stage];

    /// <summary>Gets whether the rollout has ended.</summary>
    public bool IsTerminal => Phase is Phase.Completed or Phase.RolledBack;

    /// <summary>Gets when conversations on the canary must have finished, UTC; null unless they drain.</summary>
    public DateTimeOffset? DrainUntil => Phase is Phase.RolledBack && Pins is PinsOnRollback.Drain ? StageEnteredAt + Spec.PinTimeToLive : null;

    /// <summary>Tells whether people were told that a model came to a version, whichever answered before it.</summary>
    internal bool HasTold(ModelChange change) => ModelChanges.Any(told => (told.Version, told.To) == (change.Version, change.To));

    /// <summary>Gets the canary's share as it is served now.</summary>
    public Weight Weight => Phase switch
    {
        Phase.Completed => Weight.Full,
        Phase.RolledBack or Phase.Pending => Weight.None,
        _ => CurrentStage.Weight,
    };
}
