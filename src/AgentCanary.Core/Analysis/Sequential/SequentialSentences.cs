using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What the evidence says, in sentences with their figures: what was seen, the odds, what was shown, and what is missing.</summary>
internal static class SequentialSentences
{
    // No rollout should ask for more patience.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(14);

    // A sentence that tells more is not read.
    private const int MostTold = 3;

    // Fewer canary requests than this say too little of their rate to call it hopeless.
    private const long EnoughToDespair = 100;

    /// <summary>Says how one check stands.</summary>
    /// <param name="input">The stage.</param>
    /// <param name="reading">The evidence.</param>
    /// <param name="place">The check's place in the stage.</param>
    /// <param name="verdict">What was found of it.</param>
    public static Deferred<string> Of(AnalysisInput input, SequentialReading reading, int place, Verdict verdict) => new(() =>
    {
        var (check, text) = (reading.Terms.IndexOf(input.Checks[place]), input.Checks[place].Text);
        var (terms, seen) = (reading.Terms.Checks[check], $"{Seen(input, reading, check)}{Numbers(reading, check)}");
        if (!input.HasControl && terms.Check.Compares) return $"'{text}': no control; {seen}";
        return verdict switch
        {
            Verdict.Fail => $"'{text}' fails: {seen}; odds {Words.Odds(reading.LogWorse(check))} against '{Tolerances.Of(terms.Check)}'",
            Verdict.Pass when input.PromotionObserved => $"'{text}' holds: {seen}; observed, not proven",
            Verdict.Pass => $"'{text}' holds: {Shown([check], input, reading)}",
            _ => $"'{text}' has no verdict yet: {seen}{Ratio(reading, check)}{Ahead(Prospect.OfCheck(input, place, reading), input, reading)}",
        };
    });

    /// <summary>Says why the rollout is rolled back: the checks that are guilty at the level of all of them together, the strongest evidence first.</summary>
    public static Deferred<string> OfFailure(AnalysisInput input, SequentialReading reading) => new(() =>
    {
        var guilty = reading.Guilty().Take(MostTold).ToList();
        var told = Failing(reading, guilty).Concat(guilty).ToList();
        return $"after {Words.Count(told.Max(check => reading.Evidence.Checks[check].All.CanaryCount), Sentences.Noun(input))}: "
            + $"{string.Join(" and ", told.Select(check => Seen(input, reading, check)).Distinct())} in the same minutes{Late(reading, guilty)}{Alike(reading)}; odds {Odds(reading, guilty)}, "
            + $"and we roll back a good version at most once in {Words.Number(Math.Round(1 / reading.Terms.Alpha))} rollouts however often anybody looks";
    });

    /// <summary>Says what a stage without a verdict waits for.</summary>
    public static Deferred<string> OfOpen(AnalysisInput input, ImmutableArray<CheckResult> results, SequentialReading reading, Deferred<Prospect> prospect) => new(() =>
    {
        var waits = prospect.Value;
        if (reading.Terms.IndexOf(input.Checks[waits.Check]) is not (>= 0 and var check)) return results[waits.Check].Reason;
        var open = waits.Open == 1 ? "no verdict yet" : $"no verdict yet on {waits.Open} checks; {Tolerances.Named(reading.Terms.Checks[check].Check)}";
        return $"{open}: {Seen(input, reading, check)}{Numbers(reading, check)}{Ratio(reading, check)}{Ahead(waits, input, reading)}{Advice(waits, input, reading, check)}";
    });

    /// <summary>Says what the checks of a stage have shown together.</summary>
    public static Deferred<string> OfPassed(AnalysisInput input, ImmutableArray<CheckResult> results, SequentialReading reading) => new(() =>
    {
        var all = Sentences.OfAll(input, results).Value;
        if (input.PromotionObserved) return $"{all}; observed, not proven";
        var shown = Enumerable.Range(0, results.Length).Where(place => results[place] is { IsGating: true, Verdict: Verdict.Pass })
            .Select(place => reading.Terms.IndexOf(input.Checks[place])).Where(check => check >= 0).ToList();
        return shown.Count == 0 ? all : Shown(shown, input, reading);
    });

    // A failed answer counts as a slow one: where there is something against the errors too, they are told first.
    private static IEnumerable<int> Failing(SequentialReading reading, List<int> guilty) => guilty.All(check => reading.Terms.Checks[check].Check.Metric.IsDuration)
        ? Enumerable.Range(0, reading.Terms.Checks.Length)
            .Where(check => reading.Terms.Checks[check].Check.Metric.Kind is MetricKind.ErrorRate or MetricKind.SuccessRate && SequentialTest.IsSuspicious(reading.LogWorse(check))).Take(1)
        : [];

    // Where no check is guilty alone, all of them are together.
    private static string Odds(SequentialReading reading, List<int> guilty) => reading.LogWorse(guilty[0]) < Math.Log(1 / reading.Terms.Alpha)
        ? $"{Words.Odds(reading.LogRollback)} against all checks together, most of it against '{Tolerances.Of(reading.Terms.Checks[guilty[0]].Check)}'"
        : string.Join(" and ", guilty.Select(check => $"{Words.Odds(reading.LogWorse(check))} against '{Tolerances.Of(reading.Terms.Checks[check].Check)}'"));

    private static string Late(SequentialReading reading, List<int> guilty) => guilty.Sum(check => reading.Evidence.Checks[check].Left.CanaryCount) is > 0 and var late
        ? $" ({Words.Count(late, "canary score")} of stages that were left came later)" : "";

    private static string Shown(List<int> checks, AnalysisInput input, SequentialReading reading)
    {
        var (sure, count) = (Math.Round(1 / reading.Terms.Beta), checks.Max(check => reading.Evidence.Checks[check].Total.CanaryCount));
        var told = checks.Take(MostTold).ToLookup(check => reading.Terms.Checks[check].Check.Compares, check => Tolerances.Shown(reading.Terms.Checks[check], input.Stage.Weight));
        string[] parts =
        [
            .. told.Contains(true) ? [$"it is {string.Join(" and ", told[true])}"] : Array.Empty<string>(),
            .. told.Contains(false) ? [$"that {string.Join(" and ", told[false])}"] : Array.Empty<string>(),
            .. checks.Count > MostTold ? [$"what {Words.Count(checks.Count - MostTold, "more check")} ask{(checks.Count - MostTold == 1 ? "s" : "")}"] : Array.Empty<string>(),
        ];
        return $"{Words.Count(count, Sentences.Noun(input))} show{(count == 1 ? "s" : "")} {string.Join(", and ", parts)} ({Words.Number(sure - 1)} of {Words.Number(sure)} certain)";
    }

    private static string Seen(AnalysisInput input, SequentialReading reading, int check)
    {
        var (terms, total) = (reading.Terms.Checks[check], reading.Evidence.Checks[check].All);
        if (total.CanaryCount == 0) return Unseen(input, terms);
        if (terms.IsMean) return Means(terms.Check, input);
        var (canary, stable) = Cuts(reading, terms);
        var bad = $"{Rate(total.CanaryBad, total.CanaryCount)} {Bad(terms, canary)} on canary";
        return total.StableCount == 0 ? bad : $"{bad} vs {Rate(total.StableBad, total.StableCount)}{(canary == stable ? "" : $" longer than {stable}")} on stable";
    }

    // Requests may be there that told nothing of this check.
    private static string Unseen(AnalysisInput input, CheckTerms terms)
    {
        var metric = terms.Check.Metric;
        if (Analyzer.CanaryCount(input) == 0) return $"no {Sentences.Noun(input)} yet";
        if (metric.Kind is MetricKind.ShadowAgreement) return "no answer of the shadow has been compared yet";
        if (metric.ScoreName is { } score) return $"no canary request has reported {score.Replace('_', ' ')} yet: post scores to /api/v1/scores";
        return MetricReading.Of(metric, input.Canary).Count == 0 ? $"no canary request has told its {Tolerances.Figure(terms.Check)} yet"
            : $"the canary's {Tolerances.Figure(terms.Check)} is not judged yet";
    }

    private static string Means(Check check, AnalysisInput input)
    {
        var (canary, stable) = (MetricReading.Of(check.Metric, LateScores.All(input, Arm.Canary)).Value, MetricReading.Of(check.Metric, LateScores.All(input, Arm.Control)).Value);
        if (canary is null) return $"no {Tolerances.Named(check)} on canary in this stage yet";
        var figures = $"{Tolerances.Named(check)} {Sentences.Figure(check, canary)} on canary{(stable is null ? "" : $" vs {Sentences.Figure(check, stable)} on stable")}";
        return check.Compares && check.Metric.ScoreName is { } name && input.Adjusted.Contains(name) ? $"{figures}, tested less what is expected of each user" : figures;
    }

    private static string Bad(CheckTerms terms, string? cut) => cut is null ? Tolerances.Bad(terms.Check)
        : terms.Check.Metric.Kind is MetricKind.FirstContentQuantile ? $"fail or take longer than {cut} to first content" : $"fail or take longer than {cut}";

    // From where on an answer is slow, on either arm; null where durations do not matter, or before anything is fixed.
    private static (string? Canary, string? Stable) Cuts(SequentialReading reading, CheckTerms terms)
    {
        if (!terms.Check.Metric.IsDuration) return default;
        var frozen = new FrozenCuts(reading.Terms.Calibrations, reading.Evidence.Calibrations);
        var (canary, stable) = (terms.Tracks[0].Measure.Cuts(frozen, Arm.Canary, false), terms.Tracks[0].Measure.Cuts(frozen, Arm.Control, false));
        return canary is null || stable is null ? default : (Words.Latency(TimeSpan.FromTicks(canary[0])), Words.Latency(TimeSpan.FromTicks(stable[0])));
    }

    private static string Numbers(SequentialReading reading, int check) => reading.Evidence.Checks[check].All switch
    {
        { CanaryCount: 0 } => "",
        { StableCount: 0 } total => $" (n = {Words.Number(total.CanaryCount)}{Alike(reading)})",
        var total => $" (n = {Words.Number(total.CanaryCount)} and {Words.Number(total.StableCount)}{Alike(reading)})",
    };

    private static string Alike(SequentialReading reading) =>
        reading.Evidence.Divisor is > 1 and var effect ? $"; requests of one user are alike, {Words.Significant(effect)} count as one" : "";

    // What is known of the ratio by now.
    private static string Ratio(SequentialReading reading, int check) => (Tolerances.Counted(reading.Terms.Checks[check].Check), reading.Ratio(check)) switch
    {
        (var name, ({ } low, { } high)) => $"; {name} may be {Words.Number(low)}x to {Words.Number(high)}x of stable's",
        (var name, ({ } low, null)) => $"; {name} are at least {Words.Number(low)}x of stable's",
        (var name, (null, { } high)) => $"; {name} are at most {Words.Number(high)}x of stable's",
        _ => "",
    };

    private static string Ahead(Prospect waits, AnalysisInput input, SequentialReading reading)
    {
        var check = reading.Terms.IndexOf(input.Checks[waits.Check]);
        // Seen enough, and still open: the plain figures break it.
        var broken = input.PromotionObserved && waits.Outlook.Promotion is null && reading.Evidence.Checks[check].Total.CanaryCount > 0 ? "; what was seen does not keep it" : "";
        if (waits.Outlook.Sooner is not { } forecast) return broken + Unknown(reading, check);
        var time = waits.Time(forecast.Expected) is { } span && waits.PerSecond is { } pace ? $" ({Words.About(span)} at {Words.Pace(pace)})" : "";
        // Of evidence that does not point against the canary yet nobody is to be alarmed.
        var decides = waits.Outlook.IsRollbackSooner && reading.LogWorse(check) > 0 ? "would roll it back at the present rates" : "decide";
        return $"{broken}; about {Words.About(forecast.Expected)} more {Sentences.Noun(input)}{(forecast.Expected < 1.5 ? "" : "s")}{time} {decides}, 90 % sure within {Words.About(forecast.P90)}";
    }

    private static string Unknown(SequentialReading reading, int check)
    {
        var (terms, total) = (reading.Terms.Checks[check], reading.Evidence.Checks[check].Total);
        if (reading.IsCommonMode(check)) return "; stable breaks it too";
        if (total.CanaryCount > 0)
            return IsEnoughToDespair(terms, total) ? "; at the present rates no number of requests decides" : "; it is too early to tell how many more requests decide";
        if (!terms.NeedsCalibration) return "";
        var measure = terms.Tracks[0].Measure;
        var place = Enumerable.Range(0, reading.Terms.Calibrations.Length).First(i => reading.Terms.Calibrations[i].Quantity == measure.Quantity);
        var soFar = reading.Evidence.Calibrations[place] is { IsDone: false } calibration ? $" ({Words.Number(calibration.Seen.Total)} so far)" : "";
        return $"; stable's {Words.Number(100 * measure.Quantiles[^1])}th percentile is fixed after {Words.Number(CalibrationTerms.Needed(measure.Quantiles[^1]))} of its answers{soFar}";
    }

    // Few requests lie between the lines by luck, and a comparison with few of stable's has nothing to look ahead by.
    private static bool IsEnoughToDespair(CheckTerms terms, Block total) =>
        total.CanaryCount >= EnoughToDespair && (!terms.Check.Compares || total.StableCount >= EnoughToDespair);

    // Where patience does not help, what would.
    private static string Advice(Prospect waits, AnalysisInput input, SequentialReading reading, int check)
    {
        var isLong = waits.Outlook.Sooner is { } forecast && waits.Time(forecast.Expected) > Patience;
        var isHopeless = waits.Outlook == default && !reading.IsCommonMode(check) && IsEnoughToDespair(reading.Terms.Checks[check], reading.Evidence.Checks[check].Total);
        if (!isLong && !isHopeless) return "";
        string[] remedies = [isLong && input.Stage.Weight < Weight.FromPercent(50) ? "a larger weight" : "", "a wider margin", input.PromotionObserved ? "" : "promotion: observed"];
        var would = string.Join(" or ", remedies.Where(remedy => remedy.Length > 0));
        return isLong ? $"; that is more than 14 days, {would} would be sooner" : $"; {would} would";
    }

    private static string Rate(long bad, long count) => Words.Rate(bad / (double)count);
}
