using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Metrics;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary;

/// <summary>
/// One rollout as a process runs it: the published plan, the router and the recorders. The hot path (<see cref="Assign{T}"/>, <see cref="Record(in Assignment, in Outcome)"/>)
/// is thread-safe, never throws, takes no lock and allocates nothing; the control path belongs to one caller at a time.
/// </summary>
public sealed class CanaryRuntime
{
    private readonly TimeProvider _time;
    private readonly EvaluatorOptions _options;
    private readonly long _origin;
    private readonly TimeSpan _originTime;
    private volatile StageRun _run;
    private long _unknown;

    /// <summary>Runs a rollout.</summary>
    /// <param name="state">The state to serve.</param>
    /// <param name="evidence">What is kept of the attempt so far, or null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="options">How it is measured and judged; null for the defaults, with a stripe for each core.</param>
    public CanaryRuntime(RolloutState state, Evidence? evidence, TimeProvider time, EvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(time);
        _time = time;
        _options = (options ?? new()) with { StripeCount = Environment.ProcessorCount };
        _origin = time.GetTimestamp();
        _originTime = time.GetUtcNow() - DateTimeOffset.UnixEpoch;
        _run = StageRun.Begin(state, evidence, Now, _options);
    }

    /// <summary>Gets the agent's name.</summary>
    public string Agent => State.Agent;

    /// <summary>Gets the state that is served now.</summary>
    public RolloutState State => _run.State;

    /// <summary>Gets the spec that is served now.</summary>
    public RolloutSpec Spec => State.Spec;

    /// <summary>Gets the newest plan. Read it once per request.</summary>
    public RoutePlan Plan => _run.Plan;

    /// <summary>Gets how many outcomes were refused: a figure was negative or not finite, or the version is unknown.</summary>
    public long Refused => Volatile.Read(ref _unknown) + _run.Refused;

    /// <summary>Routes a request without counting its start. Use it where the outcome is recorded by its version.</summary>
    public Assignment Route<TAttributes>(in RouteRequest request, in TAttributes attributes)
        where TAttributes : IAttributes => _run.Route(request, attributes);

    /// <summary>Routes a request and counts its start: keep the assignment, and record its outcome exactly once.</summary>
    public Assignment Assign<TAttributes>(in RouteRequest request, in TAttributes attributes)
        where TAttributes : IAttributes => _run.Assign(request, attributes);

    /// <summary>Counts a finished request for the stage that served it.</summary>
    /// <returns>Whether it was counted; false for figures that are negative or not finite, and for a stage that was left long ago.</returns>
    public bool Record(in Assignment assignment, in Outcome outcome)
    {
        if (_run.Record(assignment, outcome) is { } isCounted) return isCounted;
        Interlocked.Increment(ref _unknown);
        return false;
    }

    /// <summary>Counts a finished call of a version whose start was not counted; every call of the version counts.</summary>
    /// <returns>Whether it was counted; false for an unknown version and for figures that are negative or not finite.</returns>
    public bool Record(string? version, in Outcome outcome)
    {
        var run = _run;
        var arm = version == run.Plan.CanaryVersion ? Arm.Canary : version == run.Plan.StableVersion ? Arm.Control : Arm.Outside;
        if (arm is not Arm.Outside) return run.RecordUnseen(arm, outcome);
        Interlocked.Increment(ref _unknown);
        return false;
    }

    /// <summary>
    /// Counts what is reported of a request after its answer, for the arm and the stage that served, however long ago and whatever serves now. Thread-safe; not for the hot path.
    /// </summary>
    /// <param name="served">Who served the request.</param>
    /// <param name="age">The time since the request.</param>
    /// <param name="violations">How many safety violations were found, 0 to 1,000.</param>
    /// <param name="scores">What it was scored; scores that no check asks for are left out.</param>
    public ReportFate Report(in Assignment served, TimeSpan age, int violations, ReadOnlySpan<Score> scores)
    {
        var run = _run;
        if (ReportRule.Judge(run.State, served, age) is not ReportFate.Counted and var fate) return Beside(run, fate, served, violations);
        var isCounted = run.RecordViolations(served, violations);
        foreach (var score in scores) isCounted |= run.RecordScore(served, score);
        return isCounted ? ReportFate.Counted : ReportFate.Unused;
    }

    /// <summary>
    /// Counts the outcome of a request that nobody else saw, and what it was scored, for the arm and the stage that served. Thread-safe; not for the hot path.
    /// </summary>
    /// <param name="served">Who served the request.</param>
    /// <param name="age">The time since the request.</param>
    /// <param name="outcome">How it ended. After the outcome deadline it has counted as timed out, and only its safety violations are told.</param>
    /// <param name="scores">What it was scored, as <see cref="Report"/> takes them.</param>
    public ReportFate ReportOutcome(in Assignment served, TimeSpan age, in Outcome outcome, ReadOnlySpan<Score> scores)
    {
        var run = _run;
        if (ReportRule.Judge(run.State, served, age) is not ReportFate.Counted and var fate) return Beside(run, fate, served, outcome.Violations);
        // Scores go their own way: they count however late they come.
        var isCounted = run.Record(served, outcome with { Scores = [] }) ?? false;
        foreach (var score in scores) isCounted |= run.RecordScore(served, score);
        return isCounted ? ReportFate.Counted : ReportFate.Unused;
    }

    /// <summary>Counts whether the canary, as a shadow, agreed with what stable answered. Thread-safe; not for the hot path.</summary>
    /// <param name="served">Who served the user.</param>
    /// <param name="agrees">Whether it agreed.</param>
    /// <returns>False where no check asks for it, or the request is of another attempt.</returns>
    public bool RecordAgreement(in Assignment served, bool agrees) => _run.RecordAgreement(served, agrees);

    /// <summary>Counts a pair of answers that a judge was asked about and would not judge: where they are many, the agreement of the others is no data. Thread-safe; not for the hot path.</summary>
    /// <param name="served">Who served the user.</param>
    /// <returns>False where no check asks for it, or the request is of another attempt.</returns>
    public bool RecordRefusedPair(in Assignment served) => _run.RecordRefusedPair(served);

    /// <summary>Gets how many times reported scores were taken into the evidence: control path.</summary>
    public long ReportsTaken => _run.ReportsTaken;

    /// <summary>Serves a newer state: control path. A new stage, or a new attempt, begins with evidence of its own.</summary>
    /// <param name="state">The state.</param>
    /// <param name="isCanaryDown">Whether the canary is not ready or not healthy, so that stable serves its share.</param>
    public void Publish(RolloutState state, bool isCanaryDown = false)
    {
        ArgumentNullException.ThrowIfNull(state);
        _run = _run.Enter(state, isCanaryDown, Now);
    }

    /// <summary>Judges the evidence now: control path.</summary>
    /// <param name="fault">What the canary's probes say; null while it is healthy.</param>
    public AnalysisResult Analyze(CanaryFault? fault = null) => _run.Analyze(Now, fault);

    /// <summary>Begins a warm-up, as long as the spec says: a version became ready, or its replicas changed. Control path.</summary>
    public void WarmUp() => _run.WarmUp(Now);

    /// <summary>Goes on where an earlier process was: control path.</summary>
    /// <param name="state">The state that was stored.</param>
    /// <param name="evidence">The evidence that was stored, or null.</param>
    public void Restore(RolloutState state, Evidence? evidence)
    {
        ArgumentNullException.ThrowIfNull(state);
        _run = StageRun.Begin(state, evidence, Now, _options);
    }

    /// <summary>Gets how long the present stage has run: control path.</summary>
    public TimeSpan TimeInStage => _run.TimeInStage(Now);

    /// <summary>Gets what a store should keep: control path.</summary>
    public Evidence Evidence => _run.Evidence;

    /// <summary>Gets an arm of the present stage in figures: control path.</summary>
    public ArmStatus Status(Arm arm) => _run.Status(arm);

    // The canary's request was no evidence, as in a warm-up, or the canary still drains; unsafe is unsafe.
    private static ReportFate Beside(StageRun run, ReportFate fate, in Assignment served, int violations)
    {
        var mayCount = fate is ReportFate.Outside || (fate is ReportFate.Over && run.State.DrainUntil is not null && served.Attempt == run.State.Attempt);
        return mayCount && run.RecordViolations(served, violations) ? ReportFate.Counted : fate;
    }

    // Ticks follow the monotonic clock from one reading of the wall clock, so that a clock that jumps moves no outcome.
    private TimeSpan Now => _originTime + _time.GetElapsedTime(_origin);
}
