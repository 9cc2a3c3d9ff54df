using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>The state that follows from a decision, and the event that tells of it. Pure and thread-safe.</summary>
/// <param name="state">The state that the decision was made on.</param>
/// <param name="decision">The decision.</param>
/// <param name="now">The time, UTC.</param>
internal sealed class StateAfter(RolloutState state, Decision decision, DateTimeOffset now)
{
    /// <summary>Makes both; null where the decision changes nothing.</summary>
    public Transition? Make() => decision switch
    {
        Decision.RollBack rollback when !state.IsTerminal => To(AtStage(state, Phase.RolledBack, state.Stage, now) with { Pins = PinsAfter(rollback) }, "rolled_back"),
        Decision.Complete when !state.IsTerminal => Enter(Phase.Completed, state.Spec.Stages.Length - 1, "completed"),
        Decision.Promote(var stage, _) when !state.IsTerminal && stage > state.Stage => Enter(Phase.Progressing, stage, "stage_entered"),
        Decision.Hold { Pause: not PauseReason.None and var pause } when state.Phase is Phase.Progressing =>
            To(state with { Phase = Phase.Paused, Pause = pause, DeadlineServed = state.DeadlineServed || pause is PauseReason.Deadline }, "paused"),
        Decision.Hold { Alert: not Alert.None and var alert } when !state.Told.Contains(alert) && (state.Phase is Phase.Progressing || IsAfterEnd(alert)) =>
            To(state with { Told = state.Told.Add(alert) }, "alert"),
        Decision.Hold { Model: { } change } when !state.IsTerminal && !state.HasTold(change) => Tell(change),
        Decision.Obey(RolloutCommand.Drained, _) drained => BecauseOfTheRollback(To(state with { Pins = drained.IsUnsafe ? PinsOnRollback.Cut : default }, "drained")),
        Decision.Obey(var command, _) => Obeyed(command),
        _ => null,
    };

    private Transition? Obeyed(RolloutCommand command) => command switch
    {
        RolloutCommand.Start => Enter(Phase.Progressing, 0, "stage_entered"),
        RolloutCommand.Pause => To(state with { Phase = Phase.Paused, Pause = PauseReason.Person }, "paused"),
        RolloutCommand.Resume => To(Resumed(state), "resumed"),
        RolloutCommand.Approve => To((state.Pause is PauseReason.Approval ? Resumed(state) : state) with { Approved = true }, "approved"),
        RolloutCommand.Retry => To(Fresh(state, state.Spec, state.Attempt + 1, now), "retried"),
        RolloutCommand.Supersede(var spec) => To(Fresh(state, spec, RolloutMachine.IsSamePair(state.Spec, spec) ? state.Attempt + 1 : 1, now), "superseded"),
        RolloutCommand.Amend(var spec) => To(state with { Spec = spec }, "amended"),
        _ => null,
    };

    private bool IsAfterEnd(Alert alert) => state.Phase is Phase.Completed && alert is Alert.LateRegression;

    private Transition Enter(Phase phase, int stage, string type) => To(AtStage(state, phase, stage, now), type);

    private Transition To(RolloutState next, string type)
    {
        var reason = decision is Decision.RollBack { IsJudged: true } ? DecisionSentences.OfRollback(decision.Reason, now) : decision.Reason;
        // A rollout that has ended goes on to say why it did; its event says what came after.
        next = next with { Revision = state.Revision + 1, Reason = state.IsTerminal && next.IsTerminal ? state.Reason : reason };
        return new(next, Event(state, next, type, reason, decision.Actor, now) with { Evidence = decision.Evidence });
    }

    // It is no change of the rollout's own, whose reason stays.
    private Transition Tell(ModelChange change)
    {
        var next = state with { Revision = state.Revision + 1, ModelChanges = state.ModelChanges.Add(change) };
        return new(next, Event(state, next, "model_changed", DecisionSentences.OfModel(change), decision.Actor, now) with { Model = change });
    }

    // Why the rollout was rolled back stays its reason.
    private Transition BecauseOfTheRollback(Transition later) => later with { Next = later.Next with { Reason = state.Reason } };

    // What the file says is for a canary that is worse. One that is unsafe serves nobody to the end of a sentence, and none that is dead or always fails serves old users for hours.
    private PinsOnRollback PinsAfter(Decision.RollBack rollback) =>
        rollback.IsUnsafe || (rollback.IsFinal && state.Spec.PinsOnRollback is PinsOnRollback.Drain) ? PinsOnRollback.Cut : state.Spec.PinsOnRollback;

    private static RolloutState Resumed(RolloutState state) => state with { Phase = Phase.Progressing, Pause = PauseReason.None };

    private static RolloutState AtStage(RolloutState state, Phase phase, int stage, DateTimeOffset now) => state with
    {
        Phase = phase,
        Pause = PauseReason.None,
        Stage = stage,
        StageEnteredAt = now,
        Approved = false,
        DeadlineServed = false,
        Told = [],
        Pins = default,
    };

    private static RolloutState Fresh(RolloutState state, RolloutSpec spec, int attempt, DateTimeOffset now) => AtStage(state, Phase.Pending, 0, now) with
    {
        Spec = spec,
        Attempt = attempt,
        ModelChanges = [],
        Salt = StickyHash.Salt(spec.Agent, spec.Canary.Version, attempt, state.Pepper),
    };

    /// <summary>Makes the event that tells of a change.</summary>
    public static RolloutEvent Event(RolloutState before, RolloutState after, string type, string reason, string actor, DateTimeOffset now) => new()
    {
        Agent = after.Agent,
        Revision = after.Revision,
        At = now,
        Type = type,
        Actor = actor,
        Reason = reason,
        Attempt = after.Attempt,
        FromStage = before.Stage,
        ToStage = after.Stage,
    };
}
