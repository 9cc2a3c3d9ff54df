using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>
/// Judges stages that were left by the scores that were reported since. They may still roll back; they never gate, so that nothing is promoted by what another share of the users said.
/// </summary>
internal static class LateScores
{
    public static IEnumerable<CheckResult> Judge(AnalysisInput input, SequentialReading? reading)
    {
        var known = input.Checks.Select(check => check.Text).ToHashSet();
        foreach (var left in input.Left)
        {
            foreach (var check in left.Checks)
            {
                var isTested = reading is not null && reading.Terms.IndexOf(check) >= 0;
                // One test carries a check through all stages: its line stands once.
                if (isTested && !known.Add(check.Text)) continue;
                var result = isTested ? SequentialTest.Judge(0, input with { Checks = [check] }, reading!) : PointTest.Judge(check, Of(left, input));
                yield return result with { IsGating = false, Because = new(() => $"{result.Reason}, of stage '{left.Stage.Name}', which was left") };
            }
        }
    }

    /// <summary>Adds the scores of the stages that were left to those of the present one, for a sentence about all of them.</summary>
    public static MetricWindow All(AnalysisInput input, Arm arm) =>
        input.Left.Aggregate(arm is Arm.Canary ? input.Canary : input.Control, (sum, left) => sum.Merge(arm is Arm.Canary ? left.Canary : left.Control));

    // Their last minute is long over.
    private static AnalysisInput Of(LeftStage left, AnalysisInput input) => new()
    {
        Stage = left.Stage,
        Checks = left.Checks,
        Canary = left.Canary,
        Control = left.Control,
        HasControl = left.Stage.Weight < Weight.Full,
        MinRequestsToFail = input.MinRequestsToFail,
    };
}
