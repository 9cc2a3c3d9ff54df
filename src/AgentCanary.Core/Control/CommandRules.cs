using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>What commands a rollout refuses, and why. Pure and thread-safe.</summary>
internal static class CommandRules
{
    /// <summary>The whole table of what a phase does not allow; null where the command is legal.</summary>
    public static string? Objection(RolloutState state, RolloutCommand command) => (command, state.Phase) switch
    {
        (RolloutCommand.Retry, Phase.Completed or Phase.RolledBack) => null,
        (RolloutCommand.Retry, var phase) => $"the rollout is {phase}, and only one that has ended can be tried again",
        (RolloutCommand.Drained, _) => state.DrainUntil is null ? "no conversation drains" : null,
        (RolloutCommand.Supersede(var spec), _) => SupersedeObjection(state, spec),
        (RolloutCommand.Amend(var spec), _) => RolloutMachine.IsSamePlan(state.Spec, spec) ? null : "the new terms change the versions, the stages or the analysis: supersede the rollout instead",
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
        : state.Phase is Phase.Completed && !RolloutMachine.IsSamePair(state.Spec, spec) && spec.Stable.Version != state.Spec.Canary.Version
            ? $"'{state.Spec.Canary.Version}' serves everybody now, so it must be the new rollout's stable version, not '{spec.Stable.Version}'"
        : !state.IsTerminal && spec.Stable.Version != state.Spec.Stable.Version
            ? $"'{state.Spec.Stable.Version}' is the last version that was proven, so it stays the stable version, not '{spec.Stable.Version}'"
        : null;
}
