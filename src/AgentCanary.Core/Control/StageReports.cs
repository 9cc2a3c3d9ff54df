using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>What came of scores that were reported after their answers, by the stage that served. One caller at a time.</summary>
/// <param name="waiting">Where they wait until they are taken.</param>
/// <param name="left">What is known of the stages that were left.</param>
internal sealed class StageReports(ReportedScores waiting, ImmutableArray<LeftScores> left)
{
    /// <summary>Gets where scores wait until they are taken, of all stages of the attempt.</summary>
    public ReportedScores Waiting => waiting;

    /// <summary>Gets the scores of the stages that were left.</summary>
    public ImmutableArray<LeftScores> Left { get; private set; } = left;

    /// <summary>Gets how many times reported scores were taken: what is kept is out of date after each.</summary>
    public long Taken { get; private set; }

    /// <summary>Gets whether some came after the rollout had ended.</summary>
    public bool IsNewAfterEnd { get; private set; }

    /// <summary>Takes what came since the last time.</summary>
    public void Take(RolloutState state, StageFigures figures, SequentialRun? tests)
    {
        foreach (var (stage, scores) in waiting.Take())
        {
            var isPresent = stage == state.Stage;
            if (isPresent) figures.AddScores(scores);
            else Left = LeftScores.Add(Left, stage, scores);
            tests?.AddReported(stage, scores, isPresent && state.Phase is not Phase.Completed);
            IsNewAfterEnd |= state.Phase is Phase.Completed;
            Taken++;
        }
    }

    /// <summary>Counts whether a shadow's answer agreed. Thread-safe.</summary>
    /// <returns>False where no check asks for it.</returns>
    public bool AddAgreement(int stage, bool agrees) => waiting.Add(stage, Arm.Canary, new(Metric.Agreement, agrees ? 1 : 0), expected: 0);

    /// <summary>Counts a pair that the judge refused. Thread-safe.</summary>
    /// <returns>False where no check asks for it.</returns>
    public bool AddRefused(int stage) => waiting.Add(stage, Arm.Canary, new(Metric.Refused, 0), expected: 0);

    /// <summary>Gets the stages that were left and must be judged anew.</summary>
    public ImmutableArray<LeftStage> ToJudge(RolloutState state, EvaluatorOptions options) =>
    [
        .. Left.Where(left => left.HasNew && left.Stage != state.Stage && left.Stage < state.Spec.Stages.Length).Select(left => (Stage: state.Spec.Stages[left.Stage], Scores: left))
            .Select(left => new LeftStage(left.Stage, [.. options.Checks(left.Stage).Where(check => check.Metric.ScoreName is not null)], left.Scores.Canary, left.Scores.Control)),
    ];
}
