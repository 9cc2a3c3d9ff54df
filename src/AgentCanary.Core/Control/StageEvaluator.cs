using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>The control path of one stage: takes the recorder's ticks, keeps the evidence, and asks for a verdict. One caller at a time.</summary>
internal sealed class StageEvaluator
{
    // Late outcomes of earlier stages still count for safety; older recorders are let go.
    private const int KeptRecorders = 4;

    private readonly Evidence _kept;
    private readonly EvaluatorOptions _options;
    private readonly ImmutableArray<Check> _checks;
    private readonly FastWindow _fast;
    private readonly CanaryPace _pace;
    private readonly long _earlierViolations;
    private readonly bool _comparesFigures;
    private readonly bool _readsLatency;
    private readonly bool _readsFirstContent;
    private readonly SequentialTerms? _terms;
    private SequentialEvidence? _sequential;
    private MetricWindow _canary;
    private MetricWindow _control;
    private bool _isShareBroken;
    private TimeSpan _soak;
    private TimeSpan _judgedAt;
    private TimeSpan _warmUntil;
    private ImmutableArray<LeftScores> _left;
    private bool _isNewAfterEnd;

    public StageEvaluator(RolloutState state, Evidence kept, ImmutableArray<StageRecorder> earlier, ReportedScores? reported, TimeSpan now, EvaluatorOptions options)
    {
        _left = kept.Left;
        (_kept, _options) = (kept, options);
        (_canary, _control, _isShareBroken, _soak, _judgedAt) = (kept.Canary, kept.Control, kept.IsShareBroken, kept.Soak, now);
        _checks = options.Checks(state.CurrentStage);
        var tick = Tick(now);
        (_fast, _pace) = (new(tick, options.TickPeriod), new(tick, options.TickPeriod));
        var analysis = state.Spec.Analysis;
        var outcomeDeadline = options.OutcomeDeadline ?? analysis.OutcomeDeadline;
        if (analysis.Mode is AnalysisMode.Sequential)
        {
            _terms = SequentialTerms.Of(state.Spec.Stages.SelectMany(stage => options.Checks(stage)), analysis.Alpha, analysis.Beta, analysis.Margin);
            if (options.TellsRatios) _terms = _terms.WithRatios();
            // Evidence of other checks is of no use: the file was superseded, or written by another version.
            _sequential = kept.Sequential is { } sequential && sequential.Fits(_terms) ? sequential : SequentialEvidence.Start(_terms);
        }
        ImmutableArray<string> scoreNames = [.. state.Spec.Stages.SelectMany(stage => options.Checks(stage)).Select(check => check.Metric.ScoreName).OfType<string>().Distinct().Take(16)];
        Reported = reported ?? new(scoreNames, _terms is null ? BinPlan.None : _sequential!.Plan(_terms));
        earlier = [.. earlier.Take(KeptRecorders - 1)];
        _earlierViolations = earlier.Sum(recorder => recorder.Recorder.CanaryViolations);
        _comparesFigures = analysis.PromotionObserved || _terms is null;
        _readsLatency = _checks.Any(check => Reads(check, MetricKind.LatencyQuantile) || check.Metric.Kind is MetricKind.MeanLatency);
        _readsFirstContent = _checks.Any(check => Reads(check, MetricKind.FirstContentQuantile));
        Recorder = new(
            new()
            {
                TickPeriod = options.TickPeriod,
                OutcomeDeadline = outcomeDeadline,
                FastFailures = state.Spec.Analysis.FastFailures,
                ScoreNames = scoreNames.Remove(Metric.Agreement), // no agent says so of itself
                Urgent = options.Urgent,
                StripeCount = options.StripeCount,
                Bins = _terms is null ? BinPlan.None : _sequential!.Plan(_terms),
                Histories = kept.Histories,
            },
            tick);
        Current = new(state.Attempt, state.Stage, Recorder, new(kept.Keys), new(options.TickPeriod, outcomeDeadline), analysis.UnitIsKey)
        {
            Sampler = _terms is null ? null : earlier is [{ Sampler: { } sampler }, ..] ? sampler : new(kept.Sample.Places),
            History = _terms is null || state.Spec.Stages.Take(state.Stage + 1).Any(stage => stage.Weight > Weight.None) ? null : new(_terms.Adjusted, kept.Histories),
        };
        Recorders = [Current, .. earlier];
        // A process that has just begun, and a larger share, find caches and replicas that are cold.
        WarmUp(now, analysis.WarmUp);
    }

    public OutcomeRecorder Recorder { get; }

    /// <summary>Gets what this stage counts.</summary>
    public StageRecorder Current { get; }

    /// <summary>Gets the scores that are reported after their answers, of all stages of the attempt.</summary>
    public ReportedScores Reported { get; }

    /// <summary>Gets how many times reported scores were taken: what is kept is out of date after each.</summary>
    public long ReportsTaken { get; private set; }

    /// <summary>Gets the recorders of the attempt, the newest first.</summary>
    public ImmutableArray<StageRecorder> Recorders { get; }

    public Evidence Evidence => _kept with
    {
        Soak = _soak,
        Canary = Whole(Arm.Canary, _canary),
        Control = Whole(Arm.Control, _control),
        Sequential = _sequential,
        Left = _left,
        Keys = Current.Keys.Read(),
        IsShareBroken = _isShareBroken,
        Sample = Current.Sampler is { } sampler ? new(sampler.Read()) : KeySample.Empty,
        Histories = Current.History?.Read() ?? _kept.Histories,
        SafetyViolations = SafetyViolations,
        InFlight = Recorder.Totals(Arm.Canary).InFlight + Recorder.Totals(Arm.Control).InFlight,
    };

    // What this process's recorders counted on arrival, beside what was kept of the processes and recorders before.
    private long SafetyViolations
    {
        get
        {
            var violations = _kept.SafetyViolations - _earlierViolations;
            foreach (var recorder in Recorders) violations += recorder.Recorder.CanaryViolations;
            return violations;
        }
    }

    /// <summary>Takes what is complete, and judges.</summary>
    public AnalysisResult Evaluate(TimeSpan now, RolloutState state, CanaryFault? fault)
    {
        (_soak, _judgedAt) = (TimeInStage(now, state), now);
        var tick = Tick(now);
        Take(Recorder.Take(tick));
        foreach (var (stage, scores) in Reported.Take()) TakeReported(state, stage, scores);
        _fast.Advance(tick, Recorder);
        _pace.Note(tick, Recorder.EndedOf(Arm.Canary).Finished);
        var settled = Recorder.PeekSettled();
        return Analyzer.Analyze(Input(state, settled, fault, Current.Pulse.Look(tick)));
    }

    /// <summary>Makes what starts from now on no evidence, until the versions are warm.</summary>
    public void WarmUp(TimeSpan now, TimeSpan length)
    {
        if (length <= TimeSpan.Zero) return;
        _warmUntil = now + length;
        Recorder.WarmUp(Tick(_warmUntil + _options.TickPeriod - TimeSpan.FromTicks(1)));
    }

    public ArmStatus Status(Arm arm)
    {
        var before = Before(arm);
        var totals = Recorder.Totals(arm);
        var (finished, failed, counted) = (before.Finished + totals.Finished, before.Failed + totals.Failed, before.Counted + totals.Counted);
        var whole = Whole(arm, MetricWindow.Empty);
        return new(finished, failed, counted == 0 ? null : 1 - (failed / (double)counted),
            whole.Latency?.Quantile(0.5), whole.Latency?.Quantile(0.95), whole.Latency?.Quantile(0.99), whole.Users?.Count ?? 0);
    }

    private void Take(ImmutableArray<TickTally> tallies)
    {
        var before = _sequential;
        foreach (var tally in tallies)
        {
            _canary = _canary.Merge(tally.Canary);
            _control = _control.Merge(tally.Control);
            _fast.Add(tally);
            if (_terms is not null) _sequential = IsBefore(tally) ? _sequential!.Learn(_terms, tally) : _sequential!.Add(_terms, tally);
        }
        // What has not ended in its tick moves nothing, so that it does not matter how often anybody looks.
        if (_terms is null || tallies.IsEmpty) return;
        if (!_sequential!.HasCutsOf(before!)) Recorder.Use(_sequential.Plan(_terms));
        _sequential = _sequential with { DesignEffect = Current.Sampler!.DesignEffect() };
    }

    /// <summary>Counts a score that was reported after its answer.</summary>
    /// <returns>False where no check asks for such a score.</returns>
    public bool AddReported(in Assignment served, in Score score)
    {
        var name = score.Name;
        if (served.Arm is Arm.Control && served.KeyHash != 0) Current.History?.Add(served.KeyHash, score);
        return Reported.Add(served.Stage, served.Arm, score, _kept.Histories.FirstOrDefault(one => one.Score == name)?.Expected(served.KeyHash) ?? 0);
    }

    /// <summary>Counts whether a shadow's answer agreed.</summary>
    /// <returns>False where no check asks for it.</returns>
    public bool AddAgreement(int stage, bool agrees) => Reported.Add(stage, Arm.Canary, new(Metric.Agreement, agrees ? 1 : 0), expected: 0);

    // While nobody is on the canary nothing is compared: the first block would span all that time.
    private bool IsBefore(TickTally tally) => Current.History is not null && tally.Canary.Finished == 0;

    private void TakeReported(RolloutState state, int stage, TickTally scores)
    {
        var isPresent = stage == state.Stage;
        if (isPresent) (_canary, _control) = (_canary.Merge(scores.Canary), _control.Merge(scores.Control));
        else _left = LeftScores.Add(_left, stage, scores);
        if (_terms is not null) _sequential = _sequential!.AddReported(_terms, stage, scores, isPresent && state.Phase is not Phase.Completed);
        _isNewAfterEnd |= state.Phase is Phase.Completed;
        ReportsTaken++;
    }

    private ImmutableArray<LeftStage> Left(RolloutState state) =>
    [
        .. _left.Where(left => left.HasNew && left.Stage != state.Stage && left.Stage < state.Spec.Stages.Length).Select(left => (Stage: state.Spec.Stages[left.Stage], Scores: left))
            .Select(left => new LeftStage(left.Stage, [.. _options.Checks(left.Stage).Where(check => check.Metric.ScoreName is not null)], left.Scores.Canary, left.Scores.Control)),
    ];

    private AnalysisInput Input(RolloutState state, ImmutableArray<TickTally> settled, CanaryFault? fault, Silence? silence)
    {
        var spec = state.Spec;
        var share = PlanCompiler.Share(state);
        var (canaryKeys, controlKeys) = Current.Keys.ReadCounts();
        var keyShare = new KeyShare(canaryKeys, controlKeys, share);
        _isShareBroken |= keyShare.IsBroken;
        var (canaryLate, controlLate) = (Recorder.LateOf(Arm.Canary), Recorder.LateOf(Arm.Control));
        return new()
        {
            Stage = state.CurrentStage,
            Checks = _checks,
            Canary = Read(Arm.Canary, _canary, settled, state.CurrentStage, canaryLate > 0),
            Control = Read(Arm.Control, _control, settled, state.CurrentStage, controlLate > 0),
            CanaryFast = ReadFast(Arm.Canary, settled),
            ControlFast = ReadFast(Arm.Control, settled),
            LastControl = _kept.LastControl,
            Left = Left(state),
            IsNewAfterEnd = _isNewAfterEnd,
            Adjusted = [.. _kept.Histories.Where(history => history.IsKnown).Select(history => history.Score)],
            HasControl = state.Phase is Phase.Pending || share < Weight.Full,
            HasCanary = state.Phase is Phase.Pending || share > Weight.None,
            IsShadowed = state.Phase is not Phase.Pending && state.CurrentStage.Shadow > Weight.None,
            SafetyViolations = SafetyViolations,
            Fast = _fast.Rule(Recorder),
            FastFailures = spec.Analysis.FastFailures,
            MinRequestsToFail = _options.MinRequestsToFail,
            Beta = spec.Analysis.Beta,
            PromotionObserved = spec.Analysis.PromotionObserved,
            CanaryPerSecond = _pace.PerSecond,
            OutcomeDeadline = spec.Analysis.OutcomeDeadline,
            CanaryLate = canaryLate,
            ControlLate = controlLate,
            Terms = _terms,
            Evidence = _sequential,
            BrokenShare = _isShareBroken ? keyShare : null,
            Silence = silence,
            WarmUpLeft = _warmUntil > _judgedAt ? _warmUntil - _judgedAt : TimeSpan.Zero,
            Soak = _soak,
            CanaryFault = fault,
        };
    }

    // Only running time counts, and only time that somebody watched: not pauses, not the sleep of a frozen process.
    public TimeSpan TimeInStage(TimeSpan now, RolloutState state)
    {
        var passed = now - _judgedAt;
        if (state.Phase is not Phase.Progressing || passed <= TimeSpan.Zero) return _soak;
        return _soak + (passed < _options.LongestWatch ? passed : _options.LongestWatch);
    }

    private long Tick(TimeSpan now) => now.Ticks / _options.TickPeriod.Ticks;

    // Percentiles of finely told latencies are compared as plain figures only; a test has its own cuts.
    private bool Reads(Check check, MetricKind kind) => check.Metric.Kind == kind && (_comparesFigures || _terms!.IndexOf(check) < 0);

    private MetricWindow Read(Arm arm, MetricWindow ticks, ImmutableArray<TickTally> settled, Stage stage, bool isLate)
    {
        foreach (var tally in settled) ticks = ticks.Merge(arm is Arm.Canary ? tally.Canary : tally.Control);
        // What nobody will look at is not read: these are the large figures.
        var (readsLatency, readsUsers) = (_readsLatency || isLate, arm is Arm.Canary && stage.MinUsers > 1);
        if (!readsLatency && !_readsFirstContent && !readsUsers) return ticks;
        return ticks.With(readsLatency ? Latency(arm) : null, _readsFirstContent ? FirstContent(arm) : null, readsUsers ? Users(arm) : null);
    }

    private MetricWindow ReadFast(Arm arm, ImmutableArray<TickTally> settled)
    {
        var sum = _fast.Sum(arm, settled);
        return _readsLatency ? sum.With(_fast.Latency(arm, Recorder), firstContent: null, users: null) : sum;
    }

    // Counts come from ticks by start; the latency histograms and the users are cumulative from the stage's beginning.
    private MetricWindow Whole(Arm arm, MetricWindow ticks) => ticks.With(Latency(arm), FirstContent(arm), Users(arm));

    private LatencySnapshot Latency(Arm arm) => Recorder.Latency(arm).Plus(Before(arm).Latency ?? LatencySnapshot.Empty);

    private LatencySnapshot FirstContent(Arm arm) => Recorder.FirstContent(arm).Plus(Before(arm).FirstContent ?? LatencySnapshot.Empty);

    private UserSketch Users(Arm arm) => Recorder.Users(arm).Merge(Before(arm).Users ?? UserSketch.Empty);

    private MetricWindow Before(Arm arm) => arm is Arm.Canary ? _kept.Canary : _kept.Control;
}
