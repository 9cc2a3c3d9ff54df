using AgentCanary.Metrics;

namespace AgentCanary.Control;

/// <summary>Says what a report counts for: always for what served the request, never for what serves now. Pure and thread-safe.</summary>
public static class ReportRule
{
    /// <summary>Gets how late a report may be: 7 days after its request.</summary>
    public static TimeSpan Latest { get; } = TimeSpan.FromDays(7);

    /// <summary>Gets how long a report whose id is not known is kept: 24 hours.</summary>
    public static TimeSpan Parking { get; } = TimeSpan.FromHours(24);

    /// <summary>Judges a report about a request of this rollout.</summary>
    /// <param name="state">The rollout as it stands.</param>
    /// <param name="served">Who served the request, and what it counts for.</param>
    /// <param name="age">The time since the request.</param>
    /// <returns><see cref="ReportFate.Counted"/> where it may count; any other fate ends it.</returns>
    public static ReportFate Judge(RolloutState state, in Assignment served, TimeSpan age)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (age > Latest) return ReportFate.TooOld;
        if (served.Attempt != state.Attempt || served.Stage >= state.Spec.Stages.Length || state.Phase is Phase.RolledBack or Phase.Pending) return ReportFate.Over;
        return served.Arm is Arm.Outside || served.StartTick == OutcomeRecorder.NoEvidence ? ReportFate.Outside : ReportFate.Counted;
    }
}
