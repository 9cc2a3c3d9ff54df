using AgentCanary.Analysis;

namespace AgentCanary.Control;

/// <summary>What follows from the evidence, where nobody asks for anything. Pure and thread-safe.</summary>
internal static class VerdictRules
{
    /// <summary>Decides on what the evidence says; a failed check wins over everything else.</summary>
    public static Decision Judge(RolloutState state, AnalysisResult? analysis)
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
                ? new Decision.RollBack(analysis.Reason) { IsJudged = true, IsFinal = analysis.IsUnconditional, IsUnsafe = analysis.IsUnsafe }
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

    /// <summary>Goes on: to the next stage, or to the end.</summary>
    public static Decision Next(RolloutState state, string reason) => state.Stage + 1 < state.Spec.Stages.Length
        ? new Decision.Promote(state.Stage + 1, reason)
        : new Decision.Complete(reason);
}
