using AgentCanary.Analysis;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>The rules of a rollout as pure functions: what to do, and what is then. Thread-safe.</summary>
public static class RolloutMachine
{
    /// <summary>Makes the state of a rollout that begins.</summary>
    /// <param name="spec">What the person wrote.</param>
    /// <param name="pepper">The pepper of salts, 0 for none.</param>
    /// <param name="now">The time, UTC.</param>
    public static Transition Create(RolloutSpec spec, ulong pepper, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var state = new RolloutState
        {
            Spec = spec,
            Phase = Phase.Pending,
            StageEnteredAt = now,
            Pepper = pepper,
            Salt = StickyHash.Salt(spec.Agent, spec.Canary.Version, attempt: 1, pepper),
            Reason = "waits until the canary is ready",
        };
        return new(state, Event(state, state, "created", $"{spec.Stable.Version} to {spec.Canary.Version} in {spec.Stages.Length} stages", "controller", now));
    }

    /// <summary>Decides what to do. A person's rollback and a failed check win over everything else, in every phase that has not ended.</summary>
    /// <param name="state">The newest state.</param>
    /// <param name="analysis">What the evidence says, or null where none was looked at.</param>
    /// <param name="command">What somebody asks, or null.</param>
    /// <returns>The decision; <see cref="Decision.Refuse"/> only in answer to a command.</returns>
    public static Decision Decide(RolloutState state, AnalysisResult? analysis, RolloutCommand? command = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var decision = (command is null ? null : Answer(state, analysis, command)) ?? Judge(state, analysis);
        return analysis is null || !decision.Evidence.IsEmpty ? decision : decision with { Evidence = analysis.Checks };
    }

    /// <summary>Makes the state after a decision, and the event that tells of it; null where the decision changes nothing.</summary>
    /// <param name="state">The state that the decision was made on.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="now">The time, UTC.</param>
    public static Transition? After(RolloutState state, Decision decision, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(decision);
        return decision switch
        {
            Decision.RollBack rollback when !state.IsTerminal => To(AtStage(state, Phase.RolledBack, state.Stage, now) with { Pins = PinsAfter(state, rollback) }, "rolled_back"),
            Decision.Complete when !state.IsTerminal => Enter(Phase.Completed, state.Spec.Stages.Length - 1, "completed"),
            Decision.Promote(var stage, _) when !state.IsTerminal && stage > state.Stage => Enter(Phase.Progressing, stage, "stage_entered"),
            Decision.Hold { Pause: not PauseReason.None and var pause } when state.Phase is Phase.Progressing =>
                To(state with { Phase = Phase.Paused, Pause = pause, DeadlineServed = state.DeadlineServed || pause is PauseReason.Deadline }, "paused"),
            Decision.Hold { Alert: not Alert.None and var alert } when !state.Told.Contains(alert) && (state.Phase is Phase.Progressing || IsAfterEnd(alert)) =>
                To(state with { Told = state.Told.Add(alert) }, "alert"),
            Decision.Obey(var command, _) => Obeyed(command),
            _ => null,
        };

        bool IsAfterEnd(Alert alert) => state.Phase is Phase.Completed && alert is Alert.LateRegression;

        Transition Enter(Phase phase, int stage, string type) => To(AtStage(state, phase, stage, now), type);

        Transition To(RolloutState next, string type)
        {
            var reason = decision is Decision.RollBack { IsJudged: true } ? DecisionSentences.OfRollback(decision.Reason, now) : decision.Reason;
            // A rollout that has ended goes on to say why it did; its event says what came after.
            next = next with { Revision = state.Revision + 1, Reason = state.IsTerminal && next.IsTerminal ? state.Reason : reason };
            return new(next, Event(state, next, type, reason, decision.Actor, now) with { Evidence = decision.Evidence });
        }

        // Why the rollout was rolled back stays its reason.
        Transition BecauseOfTheRollback(Transition later) => later with { Next = later.Next with { Reason = state.Reason } };

        Transition? Obeyed(RolloutCommand command) => command switch
        {
            RolloutCommand.Start => Enter(Phase.Progressing, 0, "stage_entered"),
            RolloutCommand.Pause => To(state with { Phase = Phase.Paused, Pause = PauseReason.Person }, "paused"),
            RolloutCommand.Resume => To(Resumed(state), "resumed"),
            RolloutCommand.Approve => To((state.Pause is PauseReason.Approval ? Resumed(state) : state) with { Approved = true }, "approved"),
            RolloutCommand.Retry => To(Fresh(state, state.Spec, state.Attempt + 1, now), "retried"),
            RolloutCommand.Supersede(var spec) => To(Fresh(state, spec, IsSamePair(state.Spec, spec) ? state.Attempt + 1 : 1, now), "superseded"),
            RolloutCommand.Amend(var spec) => To(state with { Spec = spec }, "amended"),
            RolloutCommand.Drained => BecauseOfTheRollback(To(state with { Pins = default }, "drained")),
            _ => null,
        };
    }

    /// <summary>Tells whether two specs are the same rollout: the same agent, stable and canary version.</summary>
    public static bool IsSamePair(RolloutSpec left, RolloutSpec right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Agent == right.Agent && left.Stable.Version == right.Stable.Version && left.Canary.Version == right.Canary.Version;
    }

    /// <summary>Tells whether two specs of the same rollout differ in nothing that evidence rests on: only addresses, probes, headers and the like.</summary>
    public static bool IsSamePlan(RolloutSpec left, RolloutSpec right) => IsSamePair(left, right) && RolloutJson.SameTerms(left, right with
    {
        Stable = left.Stable,
        Canary = left.Canary,
        Host = left.Host,
        Health = left.Health,
        Rescue = left.Rescue,
        PinTimeToLive = left.PinTimeToLive,
        PinsOnRollback = left.PinsOnRollback,
        Protocol = left.Protocol,
    });

    private static Decision? Answer(RolloutState state, AnalysisResult? analysis, RolloutCommand command)
    {
        if (command.Revision is { } seen && seen != state.Revision)
            return new Decision.Refuse($"the rollout of '{state.Agent}' is at revision {state.Revision}, not {seen}: look at it again") { IsStale = true };
        if (Objection(state, command) is { } objection)
            return new Decision.Refuse($"{command.Name} is not possible: {objection}");
        var because = command.Reason.Length > 0 ? command.Reason : $"{command.Name} by {command.Actor}";
        if (command is RolloutCommand.Rollback) return new Decision.RollBack(because) { Actor = command.Actor };
        // Whoever asks for more canary while a check fails gets the rollback instead.
        if (!state.IsTerminal && Judge(state, analysis) is Decision.RollBack failed) return failed;
        return command switch
        {
            RolloutCommand.Promote(Full: true) => new Decision.Complete(because) { Actor = command.Actor },
            RolloutCommand.Promote => Next(state, because) with { Actor = command.Actor },
            _ => new Decision.Obey(command, because) { Actor = command.Actor },
        };
    }

    // The whole table of what a phase does not allow; null where the command is legal.
    private static string? Objection(RolloutState state, RolloutCommand command) => (command, state.Phase) switch
    {
        (RolloutCommand.Retry, Phase.Completed or Phase.RolledBack) => null,
        (RolloutCommand.Retry, var phase) => $"the rollout is {phase}, and only one that has ended can be tried again",
        (RolloutCommand.Drained, _) => state.DrainUntil is null ? "no conversation drains" : null,
        (RolloutCommand.Supersede(var spec), _) => SupersedeObjection(state, spec),
        (RolloutCommand.Amend(var spec), _) => IsSamePlan(state.Spec, spec) ? null : "the new terms change the versions, the stages or the analysis: supersede the rollout instead",
        (_, Phase.Completed or Phase.RolledBack) => $"the rollout is {state.Phase}, which is final; retry starts a new attempt",
        (RolloutCommand.Rollback, _) => null,
        (RolloutCommand.Start, Phase.Pending) => null,
        (RolloutCommand.Start, _) => "the rollout has already started",
        (_, Phase.Pending) => "the rollout has not started yet: the canary is not ready",
        (RolloutCommand.Pause, Phase.Paused) => $"the rollout already waits ({JsonNames.Pauses.NameOf(state.Pause)})",
        (RolloutCommand.Resume, Phase.Progressing) => "the rollout is not paused",
        (RolloutCommand.Resume, Phase.Paused) when state.Pause is PauseReason.Approval => $"stage '{state.CurrentStage.Name}' waits for an approval: approve or promote it",
        (RolloutCommand.Approve, _) when !state.CurrentStage.Approval => $"stage '{state.CurrentStage.Name}' needs no approval",
        (RolloutCommand.Approve, _) when state.Approved => $"stage '{state.CurrentStage.Name}' is already approved",
        _ => null,
    };

    private static string? SupersedeObjection(RolloutState state, RolloutSpec spec) =>
        spec.Agent != state.Agent ? $"the file is for agent '{spec.Agent}', the rollout is of '{state.Agent}'"
        : state.Phase is Phase.Completed && !IsSamePair(state.Spec, spec) && spec.Stable.Version != state.Spec.Canary.Version
            ? $"'{state.Spec.Canary.Version}' serves everybody now, so it must be the new rollout's stable version, not '{spec.Stable.Version}'"
        : !state.IsTerminal && spec.Stable.Version != state.Spec.Stable.Version
            ? $"'{state.Spec.Stable.Version}' is the last version that was proven, so it stays the stable version, not '{spec.Stable.Version}'"
        : null;

    private static Decision Judge(RolloutState state, AnalysisResult? analysis)
    {
        if (state.Phase is Phase.Completed && analysis is { Verdict: Verdict.Fail, IsNewAfterEnd: true })
        {
            return new Decision.Hold($"what was reported since speaks against '{state.Spec.Canary.Version}', which serves everybody: {analysis.Reason}. Nothing changes by itself any more: "
                + "roll its successor out, or the old version as a new one") { Alert = Alert.LateRegression };
        }
        if (state.IsTerminal) return new Decision.Hold($"the rollout is {state.Phase}");
        if (analysis is { Verdict: Verdict.Fail })
        {
            return state.CurrentStage.AutoRollback || analysis.IsUnconditional
                ? new Decision.RollBack(analysis.Reason) { IsJudged = true, IsFinal = analysis.IsUnconditional }
                : new Decision.Hold(analysis.Because) { Pause = PauseReason.FailedCheck };
        }
        return state.Phase switch
        {
            Phase.Pending => new Decision.Hold("waits until the canary is ready"),
            Phase.Paused => new Decision.Hold(DecisionSentences.OfPause(state)),
            _ when analysis is null => new Decision.Hold("no evidence yet"),
            _ => Step(state, analysis),
        };
    }

    private static Decision Step(RolloutState state, AnalysisResult analysis)
    {
        var stage = state.CurrentStage;
        var isLast = state.Stage == state.Spec.Stages.Length - 1;
        if (analysis.IsCanaryDown) return new Decision.Hold(analysis.Reason) { Pause = PauseReason.Health };
        // A last stage without bake time asks for no evidence of its own: every stage before it has been passed.
        var isFormal = isLast && stage.LeastTime == TimeSpan.Zero;
        if (isFormal || (analysis.Verdict is Verdict.Pass && analysis.Soak >= stage.LeastTime))
        {
            return stage.Approval && !state.Approved
                ? new Decision.Hold($"stage '{stage.Name}' is passed and waits for an approval: {analysis.Reason}") { Pause = PauseReason.Approval }
                : Next(state, isFormal ? "the last stage asks for no time of its own" : DecisionSentences.OfPassed(state, analysis));
        }
        if (stage.Deadline is { } deadline && analysis.Soak >= deadline && !state.DeadlineServed) return AtDeadline(state, analysis);
        return new Decision.Hold(analysis.Verdict is Verdict.Pass ? DecisionSentences.OfBake(stage, analysis.Soak) : analysis.Because) { Alert = analysis.Alert };
    }

    private static Decision AtDeadline(RolloutState state, AnalysisResult analysis)
    {
        var reason = DecisionSentences.OfDeadline(state.CurrentStage, analysis);
        return state.CurrentStage.OnDeadline switch
        {
            OnDeadline.RollBack => new Decision.RollBack(reason) { IsJudged = true },
            // Time makes up for missing evidence, never for evidence that is known to be wrong.
            OnDeadline.Promote when analysis.Alert is Alert.None => Next(state, reason),
            _ => new Decision.Hold(reason) { Pause = PauseReason.Deadline },
        };
    }

    private static Decision Next(RolloutState state, string reason) => state.Stage + 1 < state.Spec.Stages.Length
        ? new Decision.Promote(state.Stage + 1, reason)
        : new Decision.Complete(reason);

    private static PinsOnRollback PinsAfter(RolloutState state, Decision.RollBack rollback) =>
        rollback.IsFinal && state.Spec.PinsOnRollback is PinsOnRollback.Drain ? PinsOnRollback.Cut : state.Spec.PinsOnRollback;

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
        Salt = StickyHash.Salt(spec.Agent, spec.Canary.Version, attempt, state.Pepper),
    };

    private static RolloutEvent Event(RolloutState before, RolloutState after, string type, string reason, string actor, DateTimeOffset now) => new()
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
