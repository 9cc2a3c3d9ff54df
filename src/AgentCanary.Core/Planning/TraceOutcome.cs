namespace AgentCanary.Planning;

/// <summary>One recorded outcome. Immutable and thread-safe.</summary>
/// <param name="At">When the request started, from the trace's beginning: 0 or more.</param>
/// <param name="Arm">Who served it, whatever the weight said.</param>
/// <param name="KeyHash">The hash of its sticky key, 0 without one.</param>
/// <param name="Outcome">How it ended, <see cref="Outcome.Latency"/> after its start, and at once where that is not known.</param>
public readonly record struct TraceOutcome(TimeSpan At, Arm Arm, ulong KeyHash, Outcome Outcome)
{
    /// <summary>Gets when the request ended, from the trace's beginning.</summary>
    public TimeSpan EndedAt => At + Outcome.Latency.GetValueOrDefault();
}
