namespace AgentCanary.Planning;

/// <summary>Says what one stage cannot do.</summary>
/// <param name="outlook">The stage's outlook.</param>
/// <param name="stage">How it is played.</param>
/// <param name="script">The whole rollout.</param>
/// <param name="baseline">How stable does.</param>
internal sealed class StageWarnings(StageOutlook outlook, StageScript stage, Script script, Baseline baseline)
{
    private static readonly Weight Five = Weight.FromPercent(5);

    private readonly string _name = $"stage '{outlook.Stage.Name}'";

    public IEnumerable<string> All()
    {
        if (stage.Stage.Approval) yield return $"{_name} waits for an approval; the time that takes is not counted";
        if (stage.AsksNothing) yield break;
        foreach (var said in Unproven()) yield return said;
        if (Late() is { } late) yield return late;
        if (!stage.Stage.AutoRollback) yield return $"{_name} pauses on a failed check, and does not roll back";
        if (!stage.HasControl && stage.Checks.Any(check => check.Compares))
            yield return $"{_name} has no control: comparing checks say nothing there; analysis: {{ holdback: 5% }} keeps one";
        if (Slow() is { } slow) yield return slow;
    }

    private IEnumerable<string> Unproven()
    {
        foreach (var (check, proof) in stage.Checks.Zip(stage.Proofs))
        {
            if (proof is Proof.Never(var why)) yield return $"{_name} is never left by itself, for '{check.Text}': {why}";
            if (proof is Proof.Unknown)
            {
                yield return $"{_name}: the times leave out '{check.Text}', as the baseline does not say {check.Metric.Name}: "
                    + $"give it with --baseline {check.Metric.Name}=VALUE";
            }
        }
    }

    private string? Late()
    {
        if (stage.Stage.Deadline is not { } deadline) return null;
        var late = outlook.Checks.Where(check => check is { IsGating: true, DecidesInTime: false, Seconds.P90: < double.PositiveInfinity }).MaxBy(check => check.Seconds.P90);
        return late is null ? null
            : $"{_name} cannot {(late.Seconds.Median > deadline.TotalSeconds ? "" : "always ")}decide before its deadline of {Words.Duration(deadline)}: "
                + $"'{late.Check.Text}' needs {PlanWords.Time(late.Seconds.Median)}, nine times in ten {PlanWords.Time(late.Seconds.P90)}; then it is {AtDeadline(stage.Stage.OnDeadline)}";
    }

    // A smaller first stage spares hardly anybody: the test needs its requests, and only gets them later.
    private string? Slow()
    {
        if (stage.Stage.Weight >= Five || outlook.BadCanaries.FirstOrDefault(canary => canary.ErrorRate == 5 * baseline.ErrorRate) is not { Requests.Mean: < double.PositiveInfinity } bad) return null;
        if (new BadCanaries(script.Terms!, baseline, seed: 1).Find(stage with { Share = Five.Fraction }, bad.ErrorRate, RolloutPlanner.Runs) is not { } faster) return null;
        return $"{_name} at {outlook.Stage.Weight} takes a canary that fails {PlanWords.Share(bad.ErrorRate)} back after {PlanWords.Time(bad.Seconds.Mean)} and "
            + $"{PlanWords.Count(bad.Failed.Mean)} failed requests; at 5 % it would after {PlanWords.Time(faster.Mean / (stage.Eligible * Five.Fraction))} and {PlanWords.Count(faster.Mean * bad.ErrorRate)}";
    }

    private static string AtDeadline(OnDeadline then) => then switch
    {
        OnDeadline.RollBack => "rolled back",
        OnDeadline.Promote => "promoted without a proof",
        _ => "paused",
    };
}
