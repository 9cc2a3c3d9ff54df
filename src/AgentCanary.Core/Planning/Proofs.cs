using AgentCanary.Analysis.Sequential;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>Finds what each check of a rollout must see, as the analyzer will ask for it, when both versions do as the baseline says.</summary>
/// <param name="terms">The tests of the rollout; null where plain figures are compared.</param>
/// <param name="baseline">How both versions do.</param>
/// <param name="analysis">How a verdict is reached.</param>
internal sealed class Proofs(SequentialTerms? terms, Baseline baseline, AnalysisSpec analysis)
{
    // So near to a bound a proof takes millions of requests.
    private const double TooNear = 0.98;

    private readonly Sources _sources = new(baseline, baseline.ErrorRate);

    public Proof Of(Check check, Stage stage, bool hasControl)
    {
        if (check.OnFail is OnFail.Warn) return new Proof.Free("it only warns");
        if (check.IsZeroTolerance) return new Proof.Requests(check.MaxRate is { } most ? Gate.CleanCount(most, analysis.Beta) : Math.Max(1, stage.MinRequests), OfBothArms: false);
        if (check.Metric.Kind is MetricKind.Requests) return new Proof.Requests((long)Math.Floor(check.Threshold) + 1, OfBothArms: false);
        if (check.Compares && !hasControl) return new Proof.Free("no control: at 100 % nothing is left to compare with");
        return terms is null || terms.IndexOf(check) is not (>= 0 and var place) ? Observed(check, stage) : Proven(terms.Checks[place], stage);
    }

    private Proof Proven(CheckTerms test, Stage stage)
    {
        if (IsUntold(test.Check) || _sources.Of(test.Tracks[0], isPromotion: true) is not { } source)
            return new Proof.Unknown($"not planned: the baseline does not say {test.Check.Metric.Name}");
        if (!test.Check.Compares && source.CanaryBad >= TooNear * test.Bound) return Broken(test.Check);
        if (test.Promotions.IsEmpty) return new Proof.Bound(source, test.Bound);
        var terms = test.Promotions[test.PromotionFor(stage.Weight)];
        return terms is RateTerms rate && source.CanaryBad >= rate.Line.At(source.StableBad)
            ? new Proof.Never("at this baseline an equal canary lies on its line, and no number of requests shows that it lies below")
            : new Proof.Margin(source, terms);
    }

    // How close stable lies to a bound decides everything, so only failures are assumed.
    private bool IsUntold(Check check) => !check.Compares && baseline.Given(check.Metric.Name) is null && check.Metric.Kind is not (MetricKind.ErrorRate or MetricKind.SuccessRate)
        && !(check.Metric.Quantile > 0 && baseline.HasTimes(check.Metric));

    // A figure that is only looked at is taken to hold, unless the baseline itself breaks it.
    private Proof Observed(Check check, Stage stage) => !check.Compares && !IsUntold(check) && baseline.Of(check.Metric) is { } value && !Holds(check, value)
        ? Broken(check)
        : new Proof.Requests(Math.Max(1, stage.MinRequests), check.Compares);

    private Proof.Never Broken(Check check) => new("stable itself does not keep it with room to spare"
        + (baseline.Of(check.Metric) is { } value ? $": {check.Metric.Name} is {PlanWords.Value(check.Metric, value)} in the baseline" : ""));

    private static bool Holds(Check check, double value) => check.Operator switch
    {
        CheckOperator.Less => value < check.Threshold,
        CheckOperator.LessOrEqual => value <= check.Threshold,
        CheckOperator.Greater => value > check.Threshold,
        CheckOperator.GreaterOrEqual => value >= check.Threshold,
        _ => value == check.Threshold,
    };
}
