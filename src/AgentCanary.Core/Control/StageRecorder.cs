using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>What one stage of one attempt counts. <see cref="Start"/>, <see cref="Route"/> and <see cref="Record"/> are hot: no lock, no allocation, no exception.</summary>
/// <param name="stage">The stage, from 0.</param>
/// <param name="recorder">Where outcomes are counted.</param>
/// <param name="keys">The keys of the stage.</param>
/// <param name="pulse">When the canary was called and heard.</param>
/// <param name="unitIsKey">Whether the first request of each key is evidence and all others are none.</param>
internal sealed class StageRecorder(int stage, OutcomeRecorder recorder, KeyMeter keys, CanaryPulse pulse, bool unitIsKey)
{
    public int Stage => stage;

    public OutcomeRecorder Recorder => recorder;

    public KeyMeter Keys => keys;

    public CanaryPulse Pulse => pulse;

    /// <summary>Gets the count of the canary's safety violations, which all stages of an attempt share.</summary>
    public required SafetyCount Safety { get; init; }

    /// <summary>Gets which models answer, which all stages of an attempt share.</summary>
    public required ServedModels Models { get; init; }

    /// <summary>Gets the sample of stable's keys, which all stages of an attempt share; null where none is taken.</summary>
    public KeySampler? Sampler { get; init; }

    /// <summary>Gets what keys score before the canary serves anybody; null where that time is over, or no test asks.</summary>
    public ScoreHistoryMeter? History { get; init; }

    /// <summary>Notes a request whose start is not counted: only that its arm was called, and by whom.</summary>
    public void Route(in Assignment assignment) => IsNew(assignment.Arm, assignment.KeyHash, assignment.Reason is AssignmentReason.Split);

    /// <summary>Counts the start of a request.</summary>
    /// <param name="arm">The arm of the request.</param>
    /// <param name="keyHash">The hash of its key, 0 without one.</param>
    /// <param name="isDrawn">Whether the split drew the arm.</param>
    /// <returns>The start tick of its assignment.</returns>
    public long Start(Arm arm, ulong keyHash, bool isDrawn)
    {
        var isEvidence = IsNew(arm, keyHash, isDrawn) || !unitIsKey;
        return isEvidence ? recorder.Start(arm) : OutcomeRecorder.NoEvidence;
    }

    /// <summary>Begins to count a stage.</summary>
    /// <param name="state">The rollout in that stage.</param>
    /// <param name="kept">What is kept of the processes before.</param>
    /// <param name="before">What the stage before counted, or null.</param>
    /// <param name="tests">The tests that read it, or null.</param>
    /// <param name="scores">The names of the scores that the checks read.</param>
    /// <param name="tick">The tick of now.</param>
    /// <param name="options">How it is measured.</param>
    public static StageRecorder Begin(
        RolloutState state, Evidence kept, StageRecorder? before, SequentialRun? tests, ImmutableArray<string> scores, long tick, EvaluatorOptions options)
    {
        var analysis = state.Spec.Analysis;
        var outcomeDeadline = options.OutcomeDeadline ?? analysis.OutcomeDeadline;
        var safety = before?.Safety ?? new(kept.SafetyViolations);
        var recorder = new OutcomeRecorder(
            new()
            {
                TickPeriod = options.TickPeriod,
                OutcomeDeadline = outcomeDeadline,
                FastFailures = analysis.FastFailures,
                ScoreNames = scores.Remove(Metric.Agreement), // no agent says so of itself
                Urgent = options.Urgent,
                StripeCount = options.StripeCount,
                Bins = tests?.Plan ?? BinPlan.None,
                Histories = kept.Histories,
                Safety = safety,
            },
            tick);
        var hasServed = state.Spec.Stages.Take(state.Stage + 1).Any(stage => stage.Weight > Weight.None);
        return new(state.Stage, recorder, new(kept.Keys), new(options.TickPeriod, outcomeDeadline), analysis.UnitIsKey)
        {
            Safety = safety,
            Models = before?.Models ?? new(kept.Models),
            Sampler = tests is null ? null : before?.Sampler ?? new(kept.Sample.Places),
            History = tests is null || hasServed ? null : new(tests.Terms.Adjusted, kept.Histories),
        };
    }

    public bool Record(Arm arm, long startTick, ulong keyHash, in Outcome outcome)
    {
        if (arm is Arm.Canary) pulse.Answer(recorder.CurrentTick);
        if (!recorder.Record(arm, startTick, keyHash, in outcome)) return false;
        Models.Note(arm, in outcome);
        if (arm is not Arm.Control || keyHash == 0) return true;
        if (startTick != OutcomeRecorder.NoEvidence && outcome.Class.IsCounted) Sampler?.Add(keyHash, outcome.Class.IsFailure);
        if (History is not null && !outcome.Scores.IsDefaultOrEmpty) Learn(keyHash, outcome.Scores);
        return true;
    }

    private void Learn(ulong keyHash, ImmutableArray<Score> scores)
    {
        foreach (var score in scores) History!.Add(keyHash, score);
    }

    // A request without a key was drawn by itself, so it stands for itself; one during a warm-up leaves its key for a later one.
    private bool IsNew(Arm arm, ulong keyHash, bool isDrawn)
    {
        if (arm is Arm.Outside) return true;
        if (arm is Arm.Canary) pulse.Call(recorder.CurrentTick);
        return keyHash == 0 || recorder.IsWarmingUp || keys.See(arm, keyHash, isDrawn);
    }
}
