using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>The recorder of one stage of one attempt.</summary>
internal sealed record StageRecorder(int Attempt, int Stage, OutcomeRecorder Recorder)
{
    public long Refused => Recorder.Refused;
}
