namespace AgentCanary;

/// <summary>Which version serves a request, and what the request counts for. Immutable and thread-safe; keep it until the call has ended.</summary>
public readonly record struct Assignment
{
    /// <summary>Gets the version that serves; never null in an assignment that the router made.</summary>
    public string Version { get; init; }

    /// <summary>Gets which of the two it is.</summary>
    public Variant Variant { get; init; }

    /// <summary>Gets which side of the comparison the request counts for.</summary>
    public Arm Arm { get; init; }

    /// <summary>Gets why.</summary>
    public AssignmentReason Reason { get; init; }

    /// <summary>Gets the 64-bit hash of the sticky key, 0 where there was none.</summary>
    public ulong KeyHash { get; init; }

    /// <summary>Gets the attempt of the rollout that decided.</summary>
    public int Attempt { get; init; }

    /// <summary>Gets the stage that decided, from 0.</summary>
    public int Stage { get; init; }

    /// <summary>Gets the revision of the rollout that decided.</summary>
    public long Revision { get; init; }

    /// <summary>Gets the tick in which the request started, -1 where its start was not counted, -2 where the request is no evidence.</summary>
    public long StartTick { get; init; }
}
