using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>The names of all enums in stored JSON. A name that was ever written is never changed and never reused.</summary>
internal static class JsonNames
{
    public static readonly NameTable<Phase> Phases = new(
        (Phase.Pending, "Pending"), (Phase.Progressing, "Progressing"), (Phase.Paused, "Paused"), (Phase.Completed, "Completed"), (Phase.RolledBack, "RolledBack"));

    public static readonly NameTable<PauseReason> Pauses = new(
        (PauseReason.None, "none"), (PauseReason.Person, "person"), (PauseReason.Approval, "approval"), (PauseReason.Deadline, "deadline"),
        (PauseReason.FailedCheck, "failed_check"), (PauseReason.Health, "health"));

    public static readonly NameTable<Alert> Alerts = new(
        (Alert.None, "none"), (Alert.Share, "share"), (Alert.Silence, "silence"), (Alert.LateAnswers, "late_answers"),
        (Alert.LateRegression, "late_regression"));

    public static readonly NameTable<Verdict> Verdicts = new(
        (Verdict.Inconclusive, "Inconclusive"), (Verdict.Pass, "Pass"), (Verdict.Fail, "Fail"));

    public static readonly NameTable<OnFail> OnFails = new((OnFail.RollBack, "rollback"), (OnFail.Hold, "hold"), (OnFail.Warn, "warn"));

    public static readonly NameTable<NoData> NoDatas = new((NoData.Hold, "hold"), (NoData.Pass, "pass"), (NoData.Fail, "fail"));

    public static readonly NameTable<OnDeadline> OnDeadlines = new(
        (OnDeadline.Pause, "pause"), (OnDeadline.RollBack, "rollback"), (OnDeadline.Promote, "promote"));

    public static readonly NameTable<AgreementKind> Agreements = new((AgreementKind.Json, "json"), (AgreementKind.Text, "text"), (AgreementKind.Exact, "exact"));

    public static readonly NameTable<StickyHashKind> Hashes = new((StickyHashKind.Xxh64, "xxh64"), (StickyHashKind.Md5, "md5"));

    public static readonly NameTable<CohortMatch> Matches = new(
        (CohortMatch.Exact, "exact"), (CohortMatch.Prefix, "prefix"), (CohortMatch.Suffix, "suffix"), (CohortMatch.In, "in"), (CohortMatch.Present, "present"));

    public static readonly NameTable<AnalysisMode> Modes = new((AnalysisMode.Point, "point"), (AnalysisMode.Sequential, "sequential"));

    public static readonly NameTable<OnUnhealthy> OnUnhealthies = new(
        (OnUnhealthy.Pause, "pause"), (OnUnhealthy.RollBack, "rollback"), (OnUnhealthy.Ignore, "ignore"));

    public static readonly NameTable<PinsOnRollback> PinRules = new(
        (PinsOnRollback.Release, "release"), (PinsOnRollback.Drain, "drain"), (PinsOnRollback.Cut, "cut"));

    public static readonly NameTable<RescueMode> Rescues = new(
        (RescueMode.Connect, "connect"), (RescueMode.Off, "off"), (RescueMode.BeforeFirstByte, "before-first-byte"));

    public static readonly NameTable<CheckComparison> Comparisons = new(
        (CheckComparison.Own, "own"), (CheckComparison.Relative, "relative"), (CheckComparison.Delta, "delta"));

    public static readonly NameTable<CheckOperator> Operators = new(
        (CheckOperator.Less, "<"), (CheckOperator.LessOrEqual, "<="), (CheckOperator.Greater, ">"), (CheckOperator.GreaterOrEqual, ">="), (CheckOperator.Equal, "=="));

    public static readonly NameTable<MetricKind> Kinds = new(
        (MetricKind.Requests, "requests"), (MetricKind.SuccessRate, "success_rate"), (MetricKind.ErrorRate, "error_rate"),
        (MetricKind.SafetyViolations, "safety_violations"), (MetricKind.RefusalRate, "refusal_rate"), (MetricKind.TruncationRate, "truncation_rate"),
        (MetricKind.ToolErrorRate, "tool_error_rate"), (MetricKind.RateLimitedRate, "rate_limited_rate"), (MetricKind.StreamBreakRate, "stream_break_rate"),
        (MetricKind.LatencyQuantile, "latency_quantile"), (MetricKind.FirstContentQuantile, "first_content_quantile"), (MetricKind.MeanLatency, "mean_latency"),
        (MetricKind.Score, "score"), (MetricKind.TokensPerRequest, "tokens_per_request"), (MetricKind.CostPerRequest, "cost_per_request"),
        (MetricKind.ShadowAgreement, "shadow_agreement"));
}
