using System.Globalization;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>Judges a check by its evidence, and says so in a sentence that holds however often anybody looks.</summary>
internal static class SequentialTest
{
    // A growing suspicion holds a promotion whose evidence is older.
    private static readonly double Suspicion = Math.Log(3);

    public static CheckResult Judge(Check check, AnalysisInput input, SequentialReading reading)
    {
        var (terms, evidence) = (reading.Terms, reading.Evidence);
        var index = terms.IndexOf(check);
        if (index < 0) return Plain(PointTest.Judge(check, input));
        var (own, total) = (terms.Checks[index], evidence.Checks[index].Total);
        if (check.NoData is not NoData.Hold && total.CanaryCount == 0 && MetricReading.Of(check.Metric, input.Canary).Value is null) return PointTest.Judge(check, input);
        var (worse, notWorse) = (reading.LogWorse(index), evidence.LogNotWorse(terms, index, input.Stage.Weight));
        var isGating = check.OnFail is not OnFail.Warn && (!check.Compares || input.HasControl);
        var verdict = worse >= Math.Log(1 / terms.Alpha) && !reading.IsCommonMode(index) ? Verdict.Fail
            : notWorse >= Math.Log(1 / terms.Beta) && isGating ? Verdict.Pass
            : Verdict.Inconclusive;
        return new()
        {
            Check = check.Text,
            Because = Sentence(check, reading, index, verdict, input),
            Interval = Interval(own, total, terms.Alpha),
            OnFail = check.OnFail,
            IsGating = isGating,
            Verdict = verdict,
            Canary = own.IsMean ? Mean(check, input.Canary) : Share(check, total.CanaryBad, total.CanaryCount),
            Control = own.IsMean ? Mean(check, input.Control) : Share(check, total.StableBad, total.StableCount),
            CanaryCount = total.CanaryCount,
            ControlCount = total.StableCount,
            EValue = Math.Exp(Math.Min(700, worse)),
        };
    }

    private static CheckResult Plain(CheckResult result) => result with { Because = new(() => $"{result.Reason} (plain figures: no test proves such a check)") };

    /// <summary>Gets the failure of the whole rollout, or null: the weighted mean of the checks' evidence against 1 / α.</summary>
    public static Deferred<string>? Failure(AnalysisInput input, SequentialReading reading)
    {
        var (terms, log) = (reading.Terms, reading.LogRollback);
        if (log < Math.Log(1 / terms.Alpha)) return null;
        var guilty = Enumerable.Range(0, terms.Checks.Length).Where(i => terms.Shares[i] > 0).MaxBy(i => reading.LogWorse(i) + Math.Log(terms.Shares[i]));
        var (check, total) = (terms.Checks[guilty].Check, reading.Evidence.Checks[guilty].Total);
        return $"after {Words.Number(total.CanaryCount)} canary requests {Seen(terms.Checks[guilty], total, input)} in the same seconds; "
            + $"odds {Words.Number(Math.Round(Math.Exp(Math.Min(log, 30))))} to 1 against '{check.Text}', and a good version is rolled back at most once in {Words.Number(Math.Round(1 / terms.Alpha))} rollouts however often anybody looks";
    }

    /// <summary>Tells whether suspicion grows, so that a promotion waits.</summary>
    public static bool IsSuspicious(SequentialReading reading) => reading.LogRollback >= Suspicion;

    // A mean has no exact interval here.
    private static Deferred<(double? Low, double? High)> Interval(CheckTerms terms, Block total, double alpha) => new(() =>
    {
        if (terms.IsMean) return (null, null);
        var (low, high) = Intervals.Rate(total.CanaryBad, total.CanaryCount, alpha);
        return terms.Check.Metric.HigherIsBetter ? (1 - high, 1 - low) : (low, high);
    });

    private static Deferred<string> Sentence(Check check, SequentialReading reading, int index, Verdict verdict, AnalysisInput input) => new(() =>
    {
        var (terms, evidence) = (reading.Terms, reading.Evidence);
        var total = evidence.Checks[index].Total;
        var seen = $"{Seen(terms.Checks[index], total, input)} (n = {Words.Number(total.CanaryCount)} and {Words.Number(total.StableCount)})";
        if (!input.HasControl && check.Compares) return $"'{check.Text}': no control; {seen}";
        return verdict switch
        {
            Verdict.Fail => $"'{check.Text}' fails: {seen}, odds {Words.Number(Math.Round(Math.Exp(Math.Min(30, evidence.LogWorse(terms, index)))))} to 1",
            Verdict.Pass => $"'{check.Text}' holds: {Words.Number(total.CanaryCount)} canary requests show it{Margin(terms.Checks[index], input.Stage.Weight)}, {Words.Number(Math.Round((1 / terms.Beta) - 1))} of {Words.Number(Math.Round(1 / terms.Beta))} certain",
            _ => $"'{check.Text}' has no verdict yet: {seen}{Ahead(terms, evidence, index, input.Stage.Weight)}",
        };
    });

    private static string Ahead(SequentialTerms terms, SequentialEvidence evidence, int index, Weight weight)
    {
        // A slow answer is one beyond stable's percentile; no rate of them is known before it is frozen, and later the cuts of both arms differ.
        if (terms.Checks[index].NeedsCalibration) return evidence.Checks[index].Total == default ? "; stable's percentile is fixed once enough of its answers were seen" : "";
        if (terms.Checks[index].IsMean) return "";
        if (Need(terms, evidence, index, weight) is not { } forecast) return "; at the present rates no number of requests will show it";
        return $"; about {Words.Number(Math.Ceiling(forecast.Expected))} more canary requests decide, 90 % sure within {Words.Number(Math.Ceiling(forecast.P90))}";
    }

    /// <summary>Looks ahead to the promotion of a comparing check; null where the present rates will not show it.</summary>
    public static Forecast? Need(SequentialTerms terms, SequentialEvidence evidence, int index, Weight weight)
    {
        var (check, state) = (terms.Checks[index], evidence.Checks[index]);
        if (check.Promotions.IsEmpty || check.Promotions[check.PromotionFor(weight)] is not RateTerms promotion) return null;
        var now = (RateState)state.Tracks[0].Promotions[check.PromotionFor(weight)];
        var stable = RateTest.Expected(promotion, now);
        var canary = (state.Total.CanaryBad + (10 * stable)) / (state.Total.CanaryCount + 10);
        var share = state.Total.CanaryCount > 0 ? state.Total.StableCount / (double)state.Total.CanaryCount : (Weight.Scale - weight.BasisPoints) / (double)Math.Max(1, weight.BasisPoints);
        return Forecast.Of(promotion.Line, worse: false, Math.Log(1 / terms.Beta) - now.LogE, Math.Clamp(canary, 1e-6, 1 - 1e-6), stable, Math.Max(share, 1e-3));
    }

    private static string Margin(CheckTerms terms, Weight weight) => terms.Promotions.IsEmpty || terms.NeedsCalibration || terms.Promotions[terms.PromotionFor(weight)] is not RateTerms promotion ? ""
        : string.Create(CultureInfo.InvariantCulture, $" to be not more than {promotion.Line.A * 100:0.##} points worse than stable");

    private static string Seen(CheckTerms terms, Block total, AnalysisInput input) => terms.IsMean
        ? $"{Sentences.Figure(terms.Check, Mean(terms.Check, input.Canary))} on canary vs {Sentences.Figure(terms.Check, Mean(terms.Check, input.Control))} on stable"
        : $"{Bad(terms.Check, total.CanaryBad, total.CanaryCount)} on canary vs {Bad(terms.Check, total.StableBad, total.StableCount)} on stable";

    // Means are told as they are; the test takes them in hundredths of a range.
    private static double? Mean(Check check, MetricWindow window) => MetricReading.Of(check.Metric, window).Value;

    private static string Bad(Check check, long bad, long count) => $"{Words.Percent(Rate(bad, count))} {(check.Metric.Kind switch
    {
        MetricKind.RefusalRate => "refused",
        MetricKind.TruncationRate => "truncated",
        MetricKind.ToolErrorRate => "with failed tools",
        MetricKind.StreamBreakRate => "broken",
        MetricKind.LatencyQuantile or MetricKind.FirstContentQuantile => "slow",
        MetricKind.RateLimitedRate => "rate-limited",
        MetricKind.Score => "not completed",
        _ => "failed",
    })}";

    // Durations are told as the share of slow answers that the test counts; good rates as themselves.
    private static double? Share(Check check, long bad, long count) => count == 0 ? null : check.Metric.HigherIsBetter ? 1 - Rate(bad, count) : Rate(bad, count);

    private static double Rate(long bad, long count) => count == 0 ? 0 : bad / (double)count;
}
