using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>Judges a check by comparing plain figures, as the simplest tools do. It proves nothing, and says so nowhere else than in its name.</summary>
internal static class PointTest
{
    // On rates "x_increase < v" means canary ≤ (1 + v) · control + 0.001, so that a zero baseline is defined.
    private const double RateSlack = 0.001;

    // Two shares of whole numbers that are equal on paper may differ in the last bit.
    private const double Rounding = 1e-12;

    public static CheckResult Judge(Check check, AnalysisInput input)
    {
        var stage = Compare(check, input, input.Canary, input.Control);
        // Violations are counted over the attempt, however old they are.
        if (stage.Verdict is Verdict.Fail || check.OnFail is OnFail.Warn || check.Metric.Kind is MetricKind.SafetyViolations || Untold.IsPartial(check, input.CanaryFast, input.ControlFast)) return stage;
        // Old success must not hide new failure: the last minute alone may fail a check, never pass it.
        var fast = Compare(check, input, input.CanaryFast, input.ControlFast);
        return fast.Verdict is Verdict.Fail ? fast with { Because = new(() => $"{fast.Reason} in the last minute") } : stage;
    }

    /// <summary>Tells whether the canary is worse than control by the check that a stage has by default for such a metric.</summary>
    public static bool IsWorse(Metric metric, MetricWindow canary, MetricWindow control)
    {
        var check = new Check
        {
            Text = "",
            Metric = metric,
            Comparison = CheckComparison.Relative,
            Operator = CheckOperator.LessOrEqual,
            Threshold = metric.IsDuration ? 0.5 : 0.1,
        };
        return (MetricReading.Of(metric, canary).Value, MetricReading.Of(metric, control).Value) is ({ } own, { } other) && !Holds(check, own, other);
    }

    private static CheckResult Compare(Check check, AnalysisInput input, MetricWindow canary, MetricWindow control)
    {
        var own = MetricReading.Of(check.Metric, canary);
        // Those that were reported later, of a stage that was left or in a warm-up are in no window.
        if (check.Metric.Kind is MetricKind.SafetyViolations) own = own with { Value = input.SafetyViolations };
        // Without a control the last one is a bound, and a bound can only fail.
        var isLast = !input.HasControl && check.Compares;
        var other = MetricReading.Of(check.Metric, isLast ? input.LastControl ?? MetricWindow.Empty : control);
        var result = new CheckResult
        {
            Check = check.Text,
            OnFail = check.OnFail,
            Canary = own.Value,
            Control = input.HasControl || isLast ? other.Value : null,
            CanaryCount = own.Count,
            ControlCount = other.Count,
            IsGating = check.OnFail is not OnFail.Warn && !isLast,
            Reason = "",
        };
        var isDue = input.Canary.Finished >= Math.Max(1, input.Stage.MinRequests);
        if (isLast && (own.Value is null || other.Value is null)) return result with { Verdict = Verdict.Inconclusive, Reason = $"'{check.Text}': no control" };
        if (own.Value is not { } value || (check.Compares && other.Value is null)) return Without(check, isDue, result with { Reason = $"'{check.Text}' has no data" });
        result = result with { Bound = Bound(check, other.Value) };
        var verdict = Settle(check, input, value, other, own.Count, canary, control);
        return result with
        {
            Verdict = isLast && verdict is Verdict.Pass ? Verdict.Inconclusive : verdict,
            Because = Sentences.Of(check, result, verdict, isLast),
        };
    }

    private static Verdict Settle(Check check, AnalysisInput input, double value, MetricReading other, long count, MetricWindow canary, MetricWindow control)
    {
        var isKept = Holds(check, value, other.Value ?? 0);
        var compared = check.Compares ? Math.Min(count, other.Count) : count;
        if (check.Metric.Kind is MetricKind.Requests) return isKept ? Verdict.Pass : Verdict.Inconclusive;
        // A count only grows: what is too many of what must not happen is no luck of few requests, and not excused by stable's.
        if (!isKept && check.Metric.Kind is MetricKind.SafetyViolations && value >= check.Threshold) return Verdict.Fail;
        if (isKept) return compared >= Math.Max(1, input.Stage.MinRequests) ? Verdict.Pass : Verdict.Inconclusive;
        if (compared < Math.Max(1, Math.Min(input.Stage.MinRequests, input.MinRequestsToFail)) || IsLuckOfFew(check, canary, count, other)) return Verdict.Inconclusive;
        return IsCommonMode(check, value, other, canary, control) ? Verdict.Inconclusive : Verdict.Fail;
    }

    // A percentile that is broken by fewer than ten requests is broken by the luck of a few.
    private static bool IsLuckOfFew(Check check, MetricWindow canary, long count, MetricReading control)
    {
        const double few = 10;
        if (check.Metric.Quantile == 0 || few / count <= 1 - check.Metric.Quantile) return false;
        var tenth = MetricReading.Of(check.Metric, canary, Math.Max(0, 1 - (few / count)));
        return tenth.Value is not { } value || Holds(check, value, control.Value ?? 0);
    }

    // An absolute bound that control breaks too says nothing against the canary, unless the canary is worse still.
    private static bool IsCommonMode(Check check, double value, MetricReading control, MetricWindow canaryWindow, MetricWindow controlWindow) =>
        !check.Compares && double.IsFinite(value) && control.Value is { } other && !Holds(check, other, 0) && !IsWorse(check.Metric, canaryWindow, controlWindow);

    /// <summary>Gives the verdict of a check that has no data.</summary>
    /// <param name="check">The check.</param>
    /// <param name="isDue">Whether the stage has the requests that it asks for, so that data should be there.</param>
    /// <param name="result">What is known of it besides.</param>
    public static CheckResult Without(Check check, bool isDue, CheckResult result) => result with
    {
        Verdict = check.NoData switch
        {
            NoData.Pass => Verdict.Pass,
            NoData.Fail when isDue => Verdict.Fail,
            _ => Verdict.Inconclusive,
        },
    };

    private static bool Holds(Check check, double canary, double control) => check.Comparison switch
    {
        CheckComparison.Own => Satisfies(canary, check.Operator, check.Threshold),
        CheckComparison.Delta => Satisfies(canary - control, check.Operator, check.Threshold),
        _ => IsChangeWithin(check, canary, control),
    };

    // The change in the bad direction is below the threshold exactly where the canary is on the good side of the bound, the bound itself included.
    private static bool IsChangeWithin(Check check, double canary, double control)
    {
        var bound = Bound(check, control)!.Value;
        var isWithin = check.Metric.HigherIsBetter ? canary >= bound - Rounding : canary <= bound + Rounding;
        return check.Operator is CheckOperator.Greater or CheckOperator.GreaterOrEqual ? !isWithin : isWithin;
    }

    private static double? Bound(Check check, double? control) => (check.Comparison, control) switch
    {
        (CheckComparison.Own, _) => check.Threshold,
        (_, null) => null,
        (CheckComparison.Delta, { } other) => other + check.Threshold,
        (_, { } other) when check.Metric.HigherIsBetter => ((1 - check.Threshold) * other) - Slack(check),
        (_, { } other) => ((1 + check.Threshold) * other) + Slack(check),
    };

    private static double Slack(Check check) => check.Metric.IsRate ? RateSlack : 0;

    private static bool Satisfies(double value, CheckOperator op, double threshold) => op switch
    {
        CheckOperator.Less => value < threshold,
        CheckOperator.LessOrEqual => value <= threshold + Rounding,
        CheckOperator.Greater => value > threshold,
        CheckOperator.GreaterOrEqual => value >= threshold - Rounding,
        _ => Math.Abs(value - threshold) <= Rounding,
    };
}
