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
        return new(state, StateAfter.Event(state, state, "created", $"{spec.Stable.Version} to {spec.Canary.Version} in {spec.Stages.Length} stages", "controller", now));
    }

    /// <summary>Decides what to do. A person's rollback and a failed check win over everything else, in every phase that has not ended.</summary>
    /// <param name="state">The newest state.</param>
    /// <param name="analysis">What the evidence says, or null where none was looked at.</param>
    /// <param name="command">What somebody asks, or null.</param>
    /// <returns>The decision; <see cref="Decision.Refuse"/> only in answer to a command.</returns>
    public static Decision Decide(RolloutState state, AnalysisResult? analysis, RolloutCommand? command = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        var decision = (command is null ? null : Answer(state, analysis, command)) ?? VerdictRules.Judge(state, analysis);
        if (decision is Decision.Hold hold && !state.IsTerminal && analysis?.ModelChanges.FirstOrDefault(change => !state.HasTold(change)) is { } untold) decision = hold with { Model = untold };
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
        return new StateAfter(state, decision, now).Make();
    }

    /// <summary>Tells whether two specs are the same rollout: the same agent, stable and canary version.</summary>
    public static bool IsSamePair(RolloutSpec left, RolloutSpec right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return left.Agent == right.Agent && left.Stable.Version == right.Stable.Version && left.Canary.Version == right.Canary.Version;
    }

    /// <summary>
    /// Tells whether two specs of the same rollout differ in nothing that evidence rests on: only addresses, probes, headers and the like, and what a shadow may take and is kept of it.
    /// </summary>
    public static bool IsSamePlan(RolloutSpec left, RolloutSpec right) =>
        IsSamePair(left, right) && RolloutJson.SameTerms(PlanRules.WithTermsOf(left, left), PlanRules.WithTermsOf(right, left));

    private static Decision? Answer(RolloutState state, AnalysisResult? analysis, RolloutCommand command)
    {
        if (command.Revision is { } seen && seen != state.Revision)
            return new Decision.Refuse($"the rollout of '{state.Agent}' is at revision {state.Revision}, not {seen}: look at it again") { IsStale = true };
        if (CommandRules.Objection(state, command) is { } objection)
            return new Decision.Refuse($"{command.Name} is not possible: {objection}");
        var because = command.Reason.Length > 0 ? command.Reason : $"{command.Name} by {command.Actor}";
        var isUnsafe = analysis is { IsUnsafe: true };
        if (command is RolloutCommand.Rollback) return new Decision.RollBack(because) { Actor = command.Actor, IsUnsafe = isUnsafe };
        // Whoever asks for more canary while a check fails gets the rollback instead.
        if (!state.IsTerminal && VerdictRules.Judge(state, analysis) is Decision.RollBack failed) return failed;
        return command switch
        {
            RolloutCommand.Promote(Full: true) => new Decision.Complete(because) { Actor = command.Actor },
            RolloutCommand.Promote => VerdictRules.Next(state, because) with { Actor = command.Actor },
            _ => new Decision.Obey(command, because) { Actor = command.Actor, IsUnsafe = isUnsafe },
        };
    }
}
