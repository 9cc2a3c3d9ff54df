namespace AgentCanary.Analysis.Sequential;

/// <summary>Judges by evidence, so that a verdict holds however often anybody looks. Pure and thread-safe.</summary>
internal static class SequentialTest
{
    // A growing suspicion holds a promotion whose evidence is older.
    private static readonly double Suspicion = Math.Log(3);

    /// <summary>Judges one check of a stage.</summary>
    public static CheckResult Judge(int place, AnalysisInput input, SequentialReading reading)
    {
        var (check, terms) = (input.Checks[place], reading.Terms);
        var index = terms.IndexOf(check);
        if (index < 0) return Plain(PointTest.Judge(check, input));
        var (own, total, worse) = (terms.Checks[index], reading.Evidence.Checks[index].Total, reading.LogWorse(index));
        if (check.NoData is not NoData.Hold && total.CanaryCount == 0 && MetricReading.Of(check.Metric, input.Canary).Value is null) return PointTest.Judge(check, input);
        var isGating = check.OnFail is not OnFail.Warn && (!check.Compares || input.HasControl);
        var verdict = worse >= Math.Log(1 / terms.Alpha) && !reading.IsCommonMode(index) ? Verdict.Fail
            : isGating && IsKept(check, index, input, reading) ? Verdict.Pass
            : Verdict.Inconclusive;
        return new()
        {
            Check = check.Text,
            Because = SequentialSentences.Of(input, reading, place, verdict),
            Interval = Interval(own, total, reading.Evidence.Divisor, terms.Alpha),
            Ratio = new(() => reading.Ratio(index)),
            OnFail = check.OnFail,
            IsGating = isGating,
            Verdict = verdict,
            Canary = own.IsMean ? MetricReading.Of(check.Metric, input.Canary).Value : Share(check, total.CanaryBad, total.CanaryCount),
            Control = own.IsMean ? MetricReading.Of(check.Metric, input.Control).Value : Share(check, total.StableBad, total.StableCount),
            CanaryCount = total.CanaryCount,
            ControlCount = total.StableCount,
            EValue = Math.Exp(Math.Min(700, worse)),
            DesignEffect = reading.Evidence.Divisor is > 1 and var effect ? effect : null,
        };
    }

    private static CheckResult Plain(CheckResult result) => result with { Because = new(() => $"{result.Reason} (plain figures: no test proves such a check)") };

    /// <summary>Gets the failure of the whole rollout, or null: the weighted mean of the checks' evidence against 1 / α.</summary>
    public static Deferred<string>? Failure(AnalysisInput input, SequentialReading reading) =>
        reading.LogRollback < Math.Log(1 / reading.Terms.Alpha) ? null : SequentialSentences.OfFailure(input, reading);

    /// <summary>Tells whether suspicion grows, so that a promotion waits.</summary>
    public static bool IsSuspicious(double logWorse) => logWorse >= Suspicion;

    // A mean has no exact interval here.
    private static Deferred<(double? Low, double? High)> Interval(CheckTerms terms, Block total, double effect, double alpha) => new(() =>
    {
        if (terms.IsMean) return (null, null);
        var (low, high) = Intervals.Rate(total.CanaryBad / effect, total.CanaryCount / effect, alpha);
        return terms.Check.Metric.HigherIsBetter ? (1 - high, 1 - low) : (low, high);
    });

    // A promotion must be proven, or only seen where the file says so.
    private static bool IsKept(Check check, int index, AnalysisInput input, SequentialReading reading) => input.PromotionObserved
        ? PointTest.Judge(check, input).Verdict is Verdict.Pass
        : reading.Evidence.LogNotWorse(reading.Terms, index, input.Stage.Weight) >= Math.Log(1 / reading.Terms.Beta);

    // Durations are told as the share of slow answers that the test counts; good rates as themselves.
    private static double? Share(Check check, long bad, long count) => count == 0 ? null : (check.Metric.HigherIsBetter ? count - bad : bad) / (double)count;
}
