using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Says plainly what a rollout cannot do, and what would help.</summary>
/// <param name="outlook">The rollout's outlook.</param>
/// <param name="script">How it is played.</param>
/// <param name="baseline">How stable does.</param>
internal sealed class Warnings(Outlook outlook, Script script, Baseline baseline)
{
    // A false alarm rarer than this is not worth a sentence.
    private const double Rare = 0.001;

    private readonly AnalysisSpec _analysis = outlook.Spec.Analysis;

    public IEnumerable<string> All() => Method()
        .Concat(outlook.Stages.Zip(script.Stages).SelectMany(each => new StageWarnings(each.First, each.Second, script, baseline).All()))
        .Concat(new CheckWarnings(script, _analysis.Beta).All())
        .Concat(Late())
        .Concat(Alarms());

    private IEnumerable<string> Method()
    {
        if (script.Terms is not { } terms)
        {
            yield return "mode: point compares plain figures and proves nothing: the times are bake and min_requests, and chance decides as well; "
                + "write analysis: { mode: sequential } for proofs";
            if (Unluckiest() is { } said) yield return said;
        }
        else if (terms.Checks.All(check => check.Share == 0)) yield return "no check rolls back: only a safety violation, the fast rule and a person do";
    }

    private string? Unluckiest()
    {
        var (chance, check, stage) = script.Stages.Where(stage => stage is { AsksNothing: false, HasControl: true })
            .SelectMany(stage => stage.Checks.Select(check => (Chance: PointLuck.Of(check, stage, baseline), check, stage)))
            .MaxBy(each => each.Chance ?? 0);
        return chance is not > 0 ? null
            : $"stage '{stage.Stage.Name}': after {Words.Number(Math.Max(1, stage.Stage.MinRequests))} canary requests chance alone lets an equal canary break "
                + $"'{check.Text}' in {PlanWords.Share(Math.Round(chance.Value, 2))} of all rollouts, and a look is taken every second";
    }

    private IEnumerable<string> Late()
    {
        if (outlook.Fitting is not { FitsAsWritten: false, Budget: var budget }) yield break;
        foreach (var stage in outlook.Stages.Where(stage => stage.Seconds.P90 > budget.TotalSeconds && double.IsFinite(stage.Seconds.P90)))
        {
            var isCheck = stage.Checks.Any(check => check.Check.Text == stage.WaitsFor);
            yield return $"stage '{stage.Stage.Name}' cannot {(isCheck ? "decide" : "be left")} within {PlanWords.Time(budget.TotalSeconds)} at this rate: "
                + $"{(isCheck ? $"'{stage.WaitsFor}'" : stage.WaitsFor)} takes {PlanWords.Time(stage.Seconds.Median)}, nine times in ten {PlanWords.Time(stage.Seconds.P90)}; "
                + $"{(isCheck ? "a wider margin, a larger weight or promotion: observed" : $"a smaller {stage.WaitsFor}")} would help";
        }
    }

    private IEnumerable<string> Alarms()
    {
        if (outlook.FastAlarm > Rare)
        {
            yield return $"fast_failures: {_analysis.FastFailures} takes a good canary back in {PlanWords.Share(outlook.FastAlarm)} of all rollouts "
                + $"at an error rate of {PlanWords.Share(baseline.ErrorRate)}: write a larger number, or 0 for never";
        }
        if (baseline.SafetyRate <= 0 || !script.Stages.Any(stage => stage.Checks.Any(check => check.IsZeroTolerance))) yield break;
        yield return $"one violation in {PlanWords.Count(1 / baseline.SafetyRate)} requests rolls an equal canary back in "
            + $"{PlanWords.Share(FalseAlarm.Of(1, baseline.SafetyRate, outlook.CanaryRequests))} of all rollouts: zero tolerance is for violations that somebody confirmed";
    }
}
