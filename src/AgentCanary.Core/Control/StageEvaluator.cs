using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Metrics;
using AgentCanary.Spec;

namespace AgentCanary.Control;

/// <summary>The control path of one stage: takes the recorder's ticks, keeps the evidence, and asks for a verdict. One caller at a time.</summary>
internal sealed class StageEvaluator
{
    // Late outcomes of these many stages are told in the stage's own figures; of older ones safety violations alone.
    private const int KeptRecorders = 4;

    private readonly Evidence _kept;
    private readonly EvaluatorOptions _options;
    private readonly ImmutableArray<Check> _checks;
    private readonly SequentialRun? _tests;
    private readonly StageClock _clock;
    private readonly StageFigures _figures;
    private readonly FastWindow _fast;
    private readonly CanaryPace _pace;
    private bool _isShareBroken;

    public StageEvaluator(RolloutState state, Evidence kept, ImmutableArray<StageRecorder> earlier, ReportedScores? reported, TimeSpan now, EvaluatorOptions options)
    {
        (_kept, _options, _isShareBroken) = (kept, options, kept.IsShareBroken);
        _checks = options.Checks(state.CurrentStage);
        _tests = SequentialRun.Begin(state, kept.Sequential, options);
        _clock = new(kept.Soak, now, options.LongestWatch);
        var tick = Tick(now);
        ImmutableArray<string> scores = [.. state.Spec.Stages.SelectMany(stage => options.Checks(stage)).Select(check => check.Metric.ScoreName).OfType<string>().Distinct().Take(16)];
        Reports = new(reported ?? new(scores.Contains(Metric.Agreement) ? scores.Add(Metric.Refused) : scores, _tests?.Plan ?? BinPlan.None), kept.Left);
        earlier = [.. earlier.Take(KeptRecorders - 1)];
        Current = StageRecorder.Begin(state, kept, earlier.FirstOrDefault(), _tests, scores, tick, options);
        Recorders = [Current, .. earlier];
        (_fast, _pace) = (new(tick, options.TickPeriod), new(tick, options.TickPeriod));
        _figures = new(kept, Recorder, FigureNeeds.Of(state.CurrentStage, _checks, state.Spec.Analysis.PromotionObserved ? null : _tests?.Terms), _fast);
        // A process that has just begun, and a larger share, find caches and replicas that are cold.
        WarmUp(now, state.Spec.Analysis.WarmUp);
    }

    public OutcomeRecorder Recorder => Current.Recorder;

    /// <summary>Gets what this stage counts.</summary>
    public StageRecorder Current { get; }

    /// <summary>Gets what came of scores that were reported after their answers.</summary>
    public StageReports Reports { get; }

    /// <summary>Gets the recorders of the attempt, the newest first.</summary>
    public ImmutableArray<StageRecorder> Recorders { get; }

    public Evidence Evidence => _kept with
    {
        Soak = _clock.Soak,
        Canary = _figures.Whole(Arm.Canary),
        Control = _figures.Whole(Arm.Control),
        Sequential = _tests?.Evidence,
        Left = Reports.Left,
        Keys = Current.Keys.Read(),
        IsShareBroken = _isShareBroken,
        Sample = Current.Sampler is { } sampler ? new(sampler.Read()) : KeySample.Empty,
        Histories = Current.History?.Read() ?? _kept.Histories,
        Models = Current.Models.Read(),
        SafetyViolations = Current.Safety.Violations,
        InFlight = Recorder.Totals(Arm.Canary).InFlight + Recorder.Totals(Arm.Control).InFlight,
    };

    /// <summary>Takes what is complete, and judges.</summary>
    public AnalysisResult Evaluate(TimeSpan now, RolloutState state, CanaryFault? fault)
    {
        _clock.Judge(now, state);
        var tick = Tick(now);
        Take(Recorder.Take(tick));
        Reports.Take(state, _figures, _tests);
        _fast.Advance(tick, Recorder);
        _pace.Note(tick, Recorder.EndedOf(Arm.Canary).Finished);
        var settled = Recorder.PeekSettled();
        var result = Analyzer.Analyze(Input(state, settled, fault, Current.Pulse.Look(tick)));
        return Current.Models.Changes(state.Spec.Stable.Version, state.Spec.Canary.Version) is { IsEmpty: false } changes ? result with { ModelChanges = changes } : result;
    }

    /// <summary>Makes what starts from now on no evidence, until the versions are warm.</summary>
    public void WarmUp(TimeSpan now, TimeSpan length)
    {
        if (length > TimeSpan.Zero) Recorder.WarmUp(Tick(_clock.WarmUp(now, length) + _options.TickPeriod - TimeSpan.FromTicks(1)));
    }

    public ArmStatus Status(Arm arm) => _figures.Status(arm);

    public TimeSpan TimeInStage(TimeSpan now, RolloutState state) => _clock.TimeInStage(now, state);

    /// <summary>Counts a score that was reported after its answer.</summary>
    /// <returns>False where no check asks for such a score.</returns>
    public bool AddReported(in Assignment served, in Score score)
    {
        var name = score.Name;
        if (served.Arm is Arm.Control && served.KeyHash != 0) Current.History?.Add(served.KeyHash, score);
        return Reports.Waiting.Add(served.Stage, served.Arm, score, _kept.Histories.FirstOrDefault(one => one.Score == name)?.Expected(served.KeyHash) ?? 0);
    }

    private void Take(ImmutableArray<TickTally> ticks)
    {
        var before = _tests?.Evidence;
        foreach (var tick in ticks)
        {
            _figures.Add(tick);
            _tests?.Add(tick, IsBefore(tick));
        }
        // What has not ended in its tick moves nothing, so that it does not matter how often anybody looks.
        if (_tests is null || ticks.IsEmpty) return;
        if (!_tests.Evidence.HasCutsOf(before!)) Recorder.Use(_tests.Plan);
        _tests.Discount(Current.Sampler!.DesignEffect());
    }

    // While nobody is on the canary nothing is compared: the first block would span all that time.
    private bool IsBefore(TickTally tick) => Current.History is not null && tick.Canary.Finished == 0;

    private AnalysisInput Input(RolloutState state, ImmutableArray<TickTally> settled, CanaryFault? fault, Silence? silence)
    {
        var (spec, share) = (state.Spec, PlanCompiler.Share(state));
        var (canaryKeys, controlKeys) = Current.Keys.ReadCounts();
        var keyShare = new KeyShare(canaryKeys, controlKeys, share);
        _isShareBroken |= keyShare.IsBroken;
        var (canaryLate, controlLate) = (Recorder.LateOf(Arm.Canary), Recorder.LateOf(Arm.Control));
        return new()
        {
            Stage = state.CurrentStage,
            Checks = _checks,
            Canary = _figures.Read(Arm.Canary, settled, canaryLate > 0),
            Control = _figures.Read(Arm.Control, settled, controlLate > 0),
            CanaryFast = _figures.ReadFast(Arm.Canary, settled),
            ControlFast = _figures.ReadFast(Arm.Control, settled),
            LastControl = _kept.LastControl,
            Left = Reports.ToJudge(state, _options),
            IsNewAfterEnd = Reports.IsNewAfterEnd || IsUnsafeAfterEnd(state),
            Adjusted = [.. _kept.Histories.Where(history => history.IsKnown).Select(history => history.Score)],
            UnpricedModels = Current.Models.Unpriced is { IsEmpty: false } models ? [.. models.Select(Quote.Of)] : [],
            HasControl = state.Phase is Phase.Pending || share < Weight.Full,
            HasCanary = state.Phase is Phase.Pending || share > Weight.None,
            IsShadowed = state.Phase is not Phase.Pending && state.CurrentStage.Shadow > Weight.None,
            SafetyViolations = Current.Safety.Violations,
            Fast = _fast.Rule(Recorder),
            FastFailures = spec.Analysis.FastFailures,
            MinRequestsToFail = _options.MinRequestsToFail,
            Beta = spec.Analysis.Beta,
            PromotionObserved = spec.Analysis.PromotionObserved,
            CanaryPerSecond = _pace.PerSecond,
            OutcomeDeadline = spec.Analysis.OutcomeDeadline,
            CanaryLate = canaryLate,
            ControlLate = controlLate,
            Terms = _tests?.Terms,
            Evidence = _tests?.Evidence,
            BrokenShare = _isShareBroken ? keyShare : null,
            Silence = silence,
            WarmUpLeft = _clock.WarmUpLeft,
            Soak = _clock.Soak,
            CanaryFault = fault,
        };
    }

    // What is not tolerated would have rolled back before the end.
    private bool IsUnsafeAfterEnd(RolloutState state) => state.Phase is Phase.Completed && Current.Safety.Violations > 0 && _checks.Any(check => check.IsZeroTolerance);

    private long Tick(TimeSpan now) => now.Ticks / _options.TickPeriod.Ticks;
}
