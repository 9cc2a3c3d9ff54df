using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>What one stage of one attempt counts. <see cref="Start"/>, <see cref="Route"/> and <see cref="Record"/> are hot: no lock, no allocation, no exception.</summary>
/// <param name="attempt">The attempt.</param>
/// <param name="stage">The stage, from 0.</param>
/// <param name="recorder">Where outcomes are counted.</param>
/// <param name="keys">The keys of the stage.</param>
/// <param name="pulse">When the canary was called and heard.</param>
/// <param name="unitIsKey">Whether the first request of each key is evidence and all others are none.</param>
internal sealed class StageRecorder(int attempt, int stage, OutcomeRecorder recorder, KeyMeter keys, CanaryPulse pulse, bool unitIsKey)
{
    public int Attempt => attempt;

    public int Stage => stage;

    public OutcomeRecorder Recorder => recorder;

    public KeyMeter Keys => keys;

    public CanaryPulse Pulse => pulse;

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

    public bool Record(Arm arm, long startTick, ulong keyHash, in Outcome outcome)
    {
        if (arm is Arm.Canary) pulse.Answer(recorder.CurrentTick);
        if (!recorder.Record(arm, startTick, keyHash, in outcome)) return false;
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
