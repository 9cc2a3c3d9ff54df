using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>What one stage of one attempt counts. <see cref="Start"/>, <see cref="Route"/> and <see cref="Record"/> are hot: no lock, no allocation, no exception.</summary>
internal sealed class StageRecorder(int attempt, int stage, OutcomeRecorder recorder, KeyMeter keys, CanaryPulse pulse)
{
    public int Attempt => attempt;

    public int Stage => stage;

    public OutcomeRecorder Recorder => recorder;

    public KeyMeter Keys => keys;

    public CanaryPulse Pulse => pulse;

    /// <summary>Notes a request whose start is not counted: only that its arm was called, and by whom.</summary>
    public void Route(in Assignment assignment) => Note(assignment.Arm, assignment.KeyHash, assignment.Reason is AssignmentReason.Split);

    /// <summary>Counts the start of a request.</summary>
    /// <param name="arm">The arm of the request.</param>
    /// <param name="keyHash">The hash of its key, 0 without one.</param>
    /// <param name="isDrawn">Whether the split drew the arm.</param>
    /// <returns>The start tick of its assignment.</returns>
    public long Start(Arm arm, ulong keyHash, bool isDrawn)
    {
        Note(arm, keyHash, isDrawn);
        return recorder.Start(arm);
    }

    public bool Record(Arm arm, long startTick, ulong keyHash, in Outcome outcome)
    {
        if (arm is Arm.Canary) pulse.Answer(recorder.CurrentTick);
        return recorder.Record(arm, startTick, keyHash, in outcome);
    }

    private void Note(Arm arm, ulong keyHash, bool isDrawn)
    {
        if (arm is Arm.Outside) return;
        if (arm is Arm.Canary) pulse.Call(recorder.CurrentTick);
        if (keyHash != 0) keys.See(arm, keyHash, isDrawn);
    }
}
