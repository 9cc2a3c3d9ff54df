using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>What would have been decided on a trace. Immutable and thread-safe.</summary>
public sealed record ReplayResult
{
    /// <summary>Gets the phase at the end: of the rollout, or of the trace where that came first.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Gets the stage at the end, from 0.</summary>
    public required int Stage { get; init; }

    /// <summary>Gets the time of the end, from the trace's beginning.</summary>
    public required TimeSpan At { get; init; }

    /// <summary>Gets why it ended so, or what was still missing.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets how many canary requests had ended by then, of every class.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Gets how many of them failed.</summary>
    public required long CanaryFailures { get; init; }

    /// <summary>Gets every change, in order.</summary>
    public ImmutableArray<ReplayDecision> Decisions { get; init; } = [];
}
