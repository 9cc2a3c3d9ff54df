using AgentCanary.Analysis;
using AgentCanary.Control;

namespace AgentCanary;

/// <summary>A rollout as it stands now, for status, API and dashboards. Immutable and thread-safe.</summary>
/// <param name="State">The state.</param>
/// <param name="Decision">What was decided last.</param>
/// <param name="Analysis">What the evidence said then.</param>
/// <param name="Canary">The canary arm of the present stage.</param>
/// <param name="Control">The control arm of the present stage.</param>
/// <param name="IsDurable">Whether the state is written; false while a rollback that is already served waits for its store.</param>
/// <param name="Refused">How many outcomes were refused because a figure was negative, not finite, or of an unknown version.</param>
public sealed record RolloutSnapshot(RolloutState State, Decision Decision, AnalysisResult Analysis, ArmStatus Canary, ArmStatus Control, bool IsDurable, long Refused)
{
    /// <summary>Gets how many conversations belong to each version.</summary>
    public PinCounts Pinned { get; init; }

    /// <summary>Gets how the shadow stands, or null where none was offered anything.</summary>
    public ShadowStatus? Shadow { get; init; }
}
