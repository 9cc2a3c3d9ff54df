using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>Says which checks promise more than is shown, each once.</summary>
/// <param name="script">The rollout.</param>
/// <param name="beta">The highest probability of a false promotion.</param>
internal sealed class CheckWarnings(Script script, double beta)
{
    // A rate of violations below this is worth excluding; one above it is hardly a finding.
    private const double TellingRate = 0.01;

    public IEnumerable<string> All() => script.Stages.Where(stage => !stage.AsksNothing)
        .SelectMany(stage => stage.Checks.Zip(stage.Proofs, (check, proof) => (check, proof, stage)))
        .DistinctBy(each => each.check.Text)
        .Select(each => Said(each.check, each.proof, each.stage))
        .OfType<string>();

    private string? Said(Check check, Proof proof, StageScript stage) => proof switch
    {
        Proof.Requests when check.IsZeroTolerance => Safety(check, stage),
        Proof.Margin(var source, RateTerms rate) => Relative(check, stage, source, rate),
        _ => null,
    };

    private string? Safety(Check check, StageScript stage)
    {
        var bound = Gate.CleanBound(Math.Max(1, stage.Stage.MinRequests), beta);
        return check.MaxRate is not null || bound <= TellingRate ? null
            : $"'{check.Text}' over {Words.Number(Math.Max(1, stage.Stage.MinRequests))} requests excludes a rate above {PlanWords.Roughly(bound)} only: "
                + $"p_max: 0.001 beside the check asks for {Words.Number(Gate.CleanCount(0.001, beta))} clean requests";
    }

    // What a relative check says is not what is proven before a stage is left, and proving it takes long.
    private string? Relative(Check check, StageScript stage, Source source, RateTerms rate)
    {
        var isCloser = rate.Line.A > 0 && source.StableBad > 0 && source.StableBad * check.Threshold < rate.Line.A;
        if (check is not { Comparison: CheckComparison.Relative, Metric: { IsRate: true, HigherIsBetter: false } } || !isCloser) return null;
        var requests = WaldBound.Requests(new(0, 1 + check.Threshold), source.CanaryBad, source.StableBad, (1 - stage.Share) / stage.Share, beta);
        return $"'{check.Text}' guards the rollback; stage '{stage.Stage.Name}' is left when the canary is shown to be not more than {PlanWords.Points(rate.Line.A)} worse. "
            + $"Proving {PlanWords.Share(check.Threshold)} relative at {PlanWords.Share(source.StableBad)} takes about {PlanWords.Count(requests)} canary requests, "
            + $"{PlanWords.Time(requests / stage.CanaryPerSecond)} at this rate: {check.Metric.Name}_delta < {Words.Number(Math.Max(0.01, rate.Line.A))} says what is proven";
    }
}
