using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>Reaches one verdict from all that was measured. Pure and thread-safe.</summary>
public static class Analyzer
{
    // Below so many finished requests an arm's failures say nothing of a common outage.
    private const int MinCommon = 5;

    // A share of answers above this that need longer than the deadline makes the deadline, not the version, the finding.
    private const double MostLate = 0.01;

    /// <summary>Judges a stage. A failure wins over everything that is missing; what cannot be used is no verdict.</summary>
    public static AnalysisResult Analyze(AnalysisInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var reading = input is { Terms: { } terms, Evidence: { } evidence } ? new SequentialReading(terms, evidence, input.HasControl, input) : null;
        var judged = input.HasCanary ? input : input with { Checks = [.. input.Checks.Where(check => input.IsShadowed && check.Metric.Kind is MetricKind.ShadowAgreement)] };
        var isJudged = input.HasCanary || !judged.Checks.IsEmpty;
        var checks = isJudged ? Judge(judged, reading) : [];
        var result = Rules(input)
            ?? (isJudged ? Weigh(judged, checks, reading) : Pass("the canary has no users in this stage, so there is nothing to judge") with { Eta = Bake(input) });
        return result with { Checks = checks, Soak = input.Soak, IsNewAfterEnd = input.IsNewAfterEnd };
    }

    // What is settled before any check is weighed, first match wins.
    private static AnalysisResult? Rules(AnalysisInput input)
    {
        if (input.SafetyViolations > 0 && input.Checks.Any(check => check.IsZeroTolerance))
            return Fail($"{Words.Number(input.SafetyViolations)} safety violation{(input.SafetyViolations == 1 ? "" : "s")} on the canary, where none is tolerated") with { IsUnconditional = true, IsUnsafe = true };
        if (input.CanaryFault is { IsFinal: true } final) return Fail(final.Reason) with { IsUnconditional = true };
        if (input.Fast.IsBroken(input.FastFailures))
        {
            return Fail($"the last {input.Fast.CanaryFailuresInARow} canary requests all failed, while {Words.Number(input.Fast.ControlFailed)} of stable's last "
                + $"{Words.Number(input.Fast.ControlFinished)} did in the same 10 s") with { IsUnconditional = true };
        }
        if (input.CanaryFault is { } fault) return Inconclusive(fault.Reason) with { IsCanaryDown = true };
        if (IsCommonOutage(input.CanaryFast, input.ControlFast))
            return Inconclusive($"both versions fail: {Words.Percent(input.CanaryFast.ErrorRate ?? 0)} on canary and {Words.Percent(input.ControlFast.ErrorRate ?? 0)} on stable in the last minute");
        return TooLate(input, "canary", input.Canary, input.CanaryLate) ?? TooLate(input, "stable", input.Control, input.ControlLate);
    }

    private static ImmutableArray<CheckResult> Judge(AnalysisInput input, SequentialReading? reading)
    {
        var results = ImmutableArray.CreateBuilder<CheckResult>(input.Checks.Length);
        for (var place = 0; place < input.Checks.Length; place++)
        {
            var check = input.Checks[place];
            results.Add(check.IsZeroTolerance ? Safety(check, input) : Untold.IsPartial(check, input) ? Untold.Judge(check, input)
                : Untold.Noted(reading is not null ? SequentialTest.Judge(place, input, reading) : PointTest.Judge(check, input), check, input));
        }
        results.AddRange(LateScores.Judge(input, reading));
        return results.DrainToImmutable();
    }

    /// <summary>Says how many requests without a violation a zero tolerance asks for.</summary>
    internal static long CleanNeeded(Check check, AnalysisInput input) =>
        check.MaxRate is { } rate ? (long)Math.Ceiling(Math.Log(input.Beta) / Math.Log(1 - rate)) : Math.Max(1, input.Stage.MinRequests);

    private static CheckResult Safety(Check check, AnalysisInput input)
    {
        var (clean, violations, beta) = (input.Canary.Counted, input.SafetyViolations, input.Beta);
        return new()
        {
            Check = check.Text,
            Because = new(() => Sentences.OfSafety(check, violations, clean, beta)),
            OnFail = check.OnFail,
            Verdict = violations > 0 ? Verdict.Fail : clean >= CleanNeeded(check, input) ? Verdict.Pass : Verdict.Inconclusive,
            Canary = violations,
            Control = input.HasControl ? input.Control.SafetyViolations : null,
            Bound = 0,
            CanaryCount = clean,
            ControlCount = input.HasControl ? input.Control.Counted : 0,
        };
    }

    private static AnalysisResult Weigh(AnalysisInput input, ImmutableArray<CheckResult> checks, SequentialReading? reading)
    {
        if (Failed(input, checks, reading) is { } failed) return Fail(failed) with { IsUnsafe = IsUnsafe(input, checks) };
        if (Unusable(input) is { } unusable) return unusable;
        if (checks.FirstOrDefault(check => check.Verdict is Verdict.Fail && check.IsGating) is { } held) return Inconclusive(held.Because);
        var prospect = new Deferred<Prospect>(() => Prospect.Of(input, checks, reading));
        if (Missing(input, prospect) is { } missing) return missing;
        if (Partial(input, checks) is { } partial) return Inconclusive(partial);
        if (checks.FirstOrDefault(IsOpen) is { } open)
            return Inconclusive(reading is null ? open.Because : SequentialSentences.OfOpen(input, checks, reading, prospect)) with { When = Eta(input, prospect, 0) };
        if (reading is not null && SequentialTest.IsSuspicious(reading.LogRollback))
            return Inconclusive("every check holds, but the evidence against the canary has grown since: a promotion waits until it falls");
        if (input.Silence is { } silence) return Inconclusive($"{silence}");
        return Pass(reading is null ? Sentences.OfAll(input, checks) : SequentialSentences.OfPassed(input, checks, reading)) with { Eta = Bake(input) };
    }

    // No number of requests mends what answers do not tell, so that is said first.
    private static Deferred<string>? Partial(AnalysisInput input, ImmutableArray<CheckResult> checks)
    {
        for (var place = 0; place < input.Checks.Length; place++)
            if (IsOpen(checks[place]) && Untold.IsPartial(input.Checks[place], input)) return checks[place].Because;
        return null;
    }

    private static bool IsOpen(CheckResult check) => check.Verdict is Verdict.Inconclusive && check.IsGating;

    // In sequence the rollout as a whole is judged, so that its error rate holds; a check alone is judged where plain figures are compared.
    private static Deferred<string>? Failed(AnalysisInput input, ImmutableArray<CheckResult> checks, SequentialReading? reading) =>
        (reading is null ? null : SequentialTest.Failure(input, reading))
        ?? checks.FirstOrDefault(check => check is { Verdict: Verdict.Fail, OnFail: OnFail.RollBack, EValue: null })?.Because;

    // A check that tolerates some violations may fail too.
    private static bool IsUnsafe(AnalysisInput input, ImmutableArray<CheckResult> checks) =>
        input.Checks.Zip(checks).Any(pair => pair is { First: { Metric.Kind: MetricKind.SafetyViolations, OnFail: OnFail.RollBack }, Second.Verdict: Verdict.Fail });

    // What promotes nobody, whatever the checks say. It keeps no canary either that fails them.
    private static AnalysisResult? Unusable(AnalysisInput input) =>
        input.BrokenShare is { } share ? Inconclusive($"{share}") with { Alert = Alert.Share }
        : input.Silence is { IsLost: true } silence ? Inconclusive($"{silence}") with { Alert = Alert.Silence }
        : input.WarmUpLeft > TimeSpan.Zero ? Inconclusive($"the versions warm up: what starts in the next {Words.Duration(TimeSpan.FromSeconds(Math.Ceiling(input.WarmUpLeft.TotalSeconds)))} is no evidence")
        : null;

    // What the stage still asks for, in the arms that exist and are compared.
    private static AnalysisResult? Missing(AnalysisInput input, Deferred<Prospect> prospect)
    {
        if (Short(input.Stage.MinRequests, CanaryCount(input)) is > 0 and var canary) return Inconclusive(Sentences.OfMissing(input, canary, prospect)) with { When = Eta(input, prospect, canary) };
        if (IsControlNeeded(input) && Short(input.Stage.MinRequests, input.Control.Finished) is > 0 and var control) return Inconclusive(Sentences.OfMissing(control, "control request"));
        if (input.Stage.MinUsers <= 1 || input.Canary.Finished == 0) return null;
        return Short(input.Stage.MinUsers, input.Canary.Users?.Count ?? 0) is > 0 and var users ? Inconclusive(Sentences.OfMissing(users, "canary user")) : null;
    }

    // Where nobody is on the canary, its requests are those that it was shown.
    internal static long CanaryCount(AnalysisInput input) => input.HasCanary ? input.Canary.Finished : MetricReading.Of(input.Checks[0].Metric, input.Canary).Count;

    private static bool IsControlNeeded(AnalysisInput input) => input.HasControl && input.Checks.Any(check => check.Compares && check.OnFail is not OnFail.Warn);

    private static long Short(long needed, long have) => Math.Max(0, needed - have);

    private static bool IsCommonOutage(MetricWindow canary, MetricWindow control) =>
        canary.Counted >= MinCommon && control.Counted >= MinCommon && canary.ErrorRate >= 0.5 && control.ErrorRate >= 0.5;

    private static AnalysisResult? TooLate(AnalysisInput input, string arm, MetricWindow window, long late) =>
        window.Finished >= 100 && late > window.Finished * MostLate
            ? Inconclusive($"{Words.Percent(late / (double)window.Finished)} of the {arm}'s answers take longer than the outcome_deadline of {Words.Duration(input.OutcomeDeadline)}: "
                + $"write outcome_deadline: {Math.Ceiling((window.Latency?.Quantile(0.999) ?? input.OutcomeDeadline).TotalSeconds * 1.5)}s") with { Alert = Alert.LateAnswers }
            : null;

    // The forecast at the present pace, and not below the stage's time; unknown where a check's forecast is.
    private static Deferred<ValueTuple<TimeSpan?>> Eta(AnalysisInput input, Deferred<Prospect> prospect, long missing) => new(() =>
    {
        var waits = prospect.Value;
        if (waits.Open > 0 && waits.Outlook.Sooner is null) return default;
        var time = waits.Time(Math.Max(missing, waits.Outlook.Sooner?.Expected ?? 0));
        return new(time > Bake(input) ? time : time is null ? null : Bake(input));
    });

    private static TimeSpan Bake(AnalysisInput input) => input.Stage.LeastTime > input.Soak ? input.Stage.LeastTime - input.Soak : TimeSpan.Zero;

    private static AnalysisResult Fail(Deferred<string> reason) => new() { Verdict = Verdict.Fail, Because = reason };

    private static AnalysisResult Pass(Deferred<string> reason) => new() { Verdict = Verdict.Pass, Because = reason };

    private static AnalysisResult Inconclusive(Deferred<string> reason) => new() { Verdict = Verdict.Inconclusive, Because = reason };
}
