using System.Collections.Immutable;
using AgentCanary.Analysis;

namespace AgentCanary.Control;

/// <summary>One change of a rollout, kept for ever; one event per revision. Immutable and thread-safe.</summary>
public sealed record RolloutEvent
{
    /// <summary>Gets the agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>Gets the revision that the change made.</summary>
    public required long Revision { get; init; }

    /// <summary>Gets when, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Gets what happened: <c>created</c>, <c>stage_entered</c>, <c>paused</c>, <c>resumed</c>, <c>approved</c>, <c>rolled_back</c>, <c>completed</c>, <c>retried</c>, <c>superseded</c>, <c>amended</c>, <c>drained</c>, <c>alert</c> or <c>model_changed</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets who did it: <c>controller</c>, <c>cli</c> or <c>key:ID</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>Gets why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gets the attempt.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Gets the stage before, from 0.</summary>
    public int FromStage { get; init; }

    /// <summary>Gets the stage after, from 0.</summary>
    public int ToStage { get; init; }

    /// <summary>Gets the checks that the decision rests on.</summary>
    public ImmutableArray<CheckResult> Evidence { get; init; } = [];

    /// <summary>Gets what <c>model_changed</c> tells of; null in all other events.</summary>
    public ModelChange? Model { get; init; }

    /// <summary>
    /// Gets the SHA-256 of the canonical JSON of the state that the change made, lower-case hex, so that the chain covers states too; empty until a store
    /// has written it.
    /// </summary>
    public string StateHash { get; init; } = "";

    /// <summary>Gets the hash over the event before and this one, lower-case hex; empty until a store has written it.</summary>
    public string Hash { get; init; } = "";
}
