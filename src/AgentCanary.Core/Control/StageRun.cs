using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Metrics;
using AgentCanary.Routing;

namespace AgentCanary.Control;

/// <summary>
/// A stage as it is served and judged: the state, the plan that routes by it and the evaluator that measures it. A holder reads it once a request and swaps it whole, so that the
/// plan that routes and the recorder that counts belong together. <see cref="Assign{T}"/> and <see cref="Record"/> are thread-safe, never throw, take no lock and allocate nothing.
/// </summary>
public sealed class StageRun
{
    private readonly EvaluatorOptions _options;
    private readonly long _since;

    private StageRun(RolloutState state, bool isCanaryDown, long since, StageEvaluator evaluator, EvaluatorOptions options) =>
        (State, Plan, _since, Evaluator, _options) = (state, PlanCompiler.Compile(state, isCanaryDown), since, evaluator, options);

    /// <summary>Gets the state that is served.</summary>
    public RolloutState State { get; }

    /// <summary>Gets the plan that was compiled from it.</summary>
    public RoutePlan Plan { get; }

    /// <summary>Gets what a store should keep: control path.</summary>
    public Evidence Evidence => Evaluator.Evidence;

    /// <summary>Gets how many outcomes were refused because a figure was negative or not finite.</summary>
    public long Refused => Evaluator.Recorders.Sum(stage => stage.Recorder.Refused);

    internal StageEvaluator Evaluator { get; }

    /// <summary>Begins to run a state.</summary>
    /// <param name="state">The state to serve.</param>
    /// <param name="evidence">What is kept of the attempt so far by a process that has ended, or null.</param>
    /// <param name="now">The time since a fixed point, on a clock that never goes back: 0 or more.</param>
    /// <param name="options">How it is measured and judged.</param>
    public static StageRun Begin(RolloutState state, Evidence? evidence, TimeSpan now, EvaluatorOptions options)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(options);
        return Run(state, isCanaryDown: false, since: 0, evidence?.AfterRestart().Enter(state) ?? Evidence.Of(state), earlier: [], reported: null, now, options);
    }

    /// <summary>Goes on with a newer state. A new stage, or a new attempt, begins with evidence of its own.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isCanaryDown">Whether the canary is not ready or not healthy, so that stable serves its share.</param>
    /// <param name="now">The time, on the clock that the run began with.</param>
    public StageRun Enter(RolloutState state, bool isCanaryDown, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var isSameStage = State.Stage == state.Stage && State.Attempt == state.Attempt && State.Spec.Canary.Version == state.Spec.Canary.Version
            && (State.Phase is not Phase.Pending || state.Phase is Phase.Pending);
        return isSameStage
            ? new(state, isCanaryDown, _since, Evaluator, _options)
            : IsSameAttempt(state) ? Run(state, isCanaryDown, _since, Evaluator.Evidence.Enter(state), Evaluator.Recorders, Evaluator.Reports.Waiting, now, _options)
            : Run(state, isCanaryDown, since: state.Revision, Evidence.Of(state), earlier: [], reported: null, now, _options);
    }

    /// <summary>Routes a request and counts its start: keep the assignment, and record its outcome exactly once.</summary>
    public Assignment Assign<TAttributes>(in RouteRequest request, in TAttributes attributes)
        where TAttributes : IAttributes
    {
        var assignment = Router.Route(Plan, request, attributes);
        return assignment with { StartTick = Evaluator.Current.Start(assignment.Arm, assignment.KeyHash, assignment.Reason is AssignmentReason.Split) };
    }

    /// <summary>Routes a request without counting its start: its outcome is recorded by its version.</summary>
    public Assignment Route<TAttributes>(in RouteRequest request, in TAttributes attributes)
        where TAttributes : IAttributes
    {
        var assignment = Router.Route(Plan, request, attributes);
        Evaluator.Current.Route(assignment);
        return assignment;
    }

    /// <summary>Counts the start of a request that was routed elsewhere, to an arm that is known.</summary>
    /// <param name="arm">Who serves it.</param>
    /// <param name="key">Its sticky key, or null.</param>
    public Assignment Begin(Arm arm, string? key) => Begin(arm, key is null ? 0 : StickyHash.Hash(key, Plan.Salt));

    /// <summary>Counts the start of a request that was routed elsewhere, to an arm that is known.</summary>
    /// <param name="arm">Who serves it.</param>
    /// <param name="keyHash">The hash of its sticky key, or 0 without one.</param>
    /// <param name="isDrawn">Whether a split drew the arm by the key, so that it says something of the share.</param>
    public Assignment Begin(Arm arm, ulong keyHash, bool isDrawn = false) => new()
    {
        Version = arm is Arm.Canary ? Plan.CanaryVersion : Plan.StableVersion,
        Variant = arm is Arm.Canary ? Variant.Canary : Variant.Stable,
        Arm = arm,
        Reason = keyHash == 0 ? AssignmentReason.Unkeyed : AssignmentReason.Split,
        KeyHash = keyHash,
        Attempt = Plan.Attempt,
        Stage = Plan.Stage,
        Revision = Plan.Revision,
        StartTick = Evaluator.Current.Start(arm, keyHash, isDrawn),
    };

    /// <summary>Counts a finished request for the stage that served it.</summary>
    /// <returns>Whether it was counted, or null where its stage was left long ago, or its rollout.</returns>
    public bool? Record(in Assignment assignment, in Outcome outcome)
    {
        if (IsOfEarlier(assignment) || assignment.Attempt != State.Attempt) return null;
        foreach (var stage in Evaluator.Recorders)
        {
            if (stage.Stage != assignment.Stage) continue;
            if (IsDrained(assignment)) RecordViolations(assignment, outcome.Violations);
            return stage.Record(assignment.Arm, assignment.StartTick, assignment.KeyHash, outcome);
        }
        return RecordViolations(assignment, outcome.Violations) ? true : null;
    }

    /// <summary>Counts a finished request whose start nobody counted.</summary>
    /// <returns>Whether it was counted; false for a figure that is negative or not finite.</returns>
    public bool RecordUnseen(Arm arm, in Outcome outcome) => Evaluator.Current.Record(arm, OutcomeRecorder.StartNotSeen, keyHash: 0, outcome);

    /// <summary>Counts a score that was reported after its answer, for the arm and the stage that served. Thread-safe; not for the hot path.</summary>
    /// <param name="served">Who served the request: of this attempt, and in the comparison.</param>
    /// <param name="score">The score, within ±10,000.</param>
    /// <returns>False where no check asks for such a score, or its figure is not one.</returns>
    public bool RecordScore(in Assignment served, in Score score) =>
        !IsOfEarlier(served) && score.Value is >= -OutcomeLimits.MaxScore and <= OutcomeLimits.MaxScore && score.Name is not (Metric.Agreement or Metric.Refused) && Evaluator.AddReported(served, score);

    /// <summary>Counts whether the canary, as a shadow, agreed with what stable answered. Thread-safe; not for the hot path.</summary>
    /// <param name="served">Who served the user.</param>
    /// <param name="agrees">Whether it agreed.</param>
    /// <returns>False where no check asks for it, or the request is of another attempt.</returns>
    public bool RecordAgreement(in Assignment served, bool agrees) =>
        !IsOfEarlier(served) && ReportRule.Judge(State, served, TimeSpan.Zero) is ReportFate.Counted && Evaluator.Reports.AddAgreement(served.Stage, agrees);

    /// <summary>Counts a pair of answers that a judge was asked about and would not judge: where they are many, the agreement of the others is no data. Thread-safe; not for the hot path.</summary>
    /// <param name="served">Who served the user.</param>
    /// <returns>False where no check asks for it, or the request is of another attempt.</returns>
    public bool RecordRefusedPair(in Assignment served) =>
        !IsOfEarlier(served) && ReportRule.Judge(State, served, TimeSpan.Zero) is ReportFate.Counted && Evaluator.Reports.AddRefused(served.Stage);

    /// <summary>Counts safety violations that were found after the answer, whichever stage served it. Thread-safe; not for the hot path.</summary>
    /// <param name="served">Who served the request: of this attempt.</param>
    /// <param name="violations">How many, 1 or more; above 1,000 they count as 1,000.</param>
    /// <returns>False where the canary did not serve it, or another one did, or the number is none.</returns>
    public bool RecordViolations(in Assignment served, int violations)
    {
        if ((served.Arm is not Arm.Canary && !IsDrained(served)) || IsOfOther(served) || violations <= 0) return false;
        Evaluator.Recorder.AddViolations(Math.Min(violations, OutcomeLimits.MaxViolations));
        return true;
    }

    /// <summary>Gets how many times reported scores were taken into the evidence: control path.</summary>
    public long ReportsTaken => Evaluator.Reports.Taken;

    /// <summary>Begins a warm-up, as long as the spec says: a version became ready, or its replicas changed. Control path.</summary>
    /// <param name="now">The time, on the clock that the run began with.</param>
    public void WarmUp(TimeSpan now) => Evaluator.WarmUp(now, State.Spec.Analysis.WarmUp);

    /// <summary>Takes what is complete, and judges: control path.</summary>
    /// <param name="now">The time, on the clock that the run began with.</param>
    /// <param name="fault">What the canary's probes say; null while it is healthy.</param>
    public AnalysisResult Analyze(TimeSpan now, CanaryFault? fault = null) => Evaluator.Evaluate(now, State, fault);

    /// <summary>Gets how long the stage has run: control path.</summary>
    public TimeSpan TimeInStage(TimeSpan now) => Evaluator.TimeInStage(now, State);

    /// <summary>Gets an arm of the stage in figures: control path.</summary>
    public ArmStatus Status(Arm arm) => Evaluator.Status(arm);

    // A canary that drains answers outside the comparison, and must be as safe as before.
    private bool IsDrained(in Assignment served) => served is { Variant: Variant.Canary, Arm: Arm.Outside, Reason: AssignmentReason.Pinned } && State.DrainUntil is not null;

    // Another canary's attempts have the same numbers.
    private bool IsOfEarlier(in Assignment served) => served.Revision < _since;

    // What is unsafe is told by the version: a revision may be older here than where the request was served. A version that is not named was looked up.
    private bool IsOfOther(in Assignment served) => served.Version is { Length: > 0 } version && version != State.Spec.Canary.Version;

    private bool IsSameAttempt(RolloutState state) => State.Attempt == state.Attempt && State.Spec.Canary.Version == state.Spec.Canary.Version;

    private static StageRun Run(
        RolloutState state, bool isCanaryDown, long since, Evidence evidence, ImmutableArray<StageRecorder> earlier, ReportedScores? reported, TimeSpan now, EvaluatorOptions options) =>
        new(state, isCanaryDown, since, new(state, evidence, earlier, reported, now, options), options);
}
