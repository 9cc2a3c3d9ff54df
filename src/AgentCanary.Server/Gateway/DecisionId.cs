using System.Security.Cryptography;
using System.Text;
using AgentCanary.Metrics;
using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

/// <summary>What a decision id says: which rollout decided what for which key, and when. Immutable and thread-safe.</summary>
public readonly record struct DecisionId
{
    /// <summary>Gets the rollout, as <see cref="RolloutOf"/> makes it.</summary>
    public ulong Rollout { get; init; }

    /// <summary>Gets the variant that served.</summary>
    public Variant Variant { get; init; }

    /// <summary>Gets which side of the comparison the request counts for.</summary>
    public Arm Arm { get; init; }

    /// <summary>Gets why.</summary>
    public AssignmentReason Reason { get; init; }

    /// <summary>Gets the attempt, from 1; 65,535 stands for that and all above.</summary>
    public int Attempt { get; init; }

    /// <summary>Gets the stage, from 0; 255 stands for that and all above.</summary>
    public int Stage { get; init; }

    /// <summary>Gets the revision of the rollout; the low 32 bits of it.</summary>
    public long Revision { get; init; }

    /// <summary>Gets the hash of the sticky key, 0 where there was none.</summary>
    public ulong KeyHash { get; init; }

    /// <summary>Gets the tick in which the request started, -1 where its start was not counted, -2 where the request is no evidence.</summary>
    public long StartTick { get; init; }

    /// <summary>Gets when the request started, UTC, to the millisecond.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Gets a number that sets apart the requests of one millisecond.</summary>
    public int Sequence { get; init; }

    /// <summary>Gets whether the caller reports the outcome, as nobody else sees it.</summary>
    public bool IsReported { get; init; }

    /// <summary>Gets whether the version answered for the assigned one, which failed.</summary>
    public bool IsRescue { get; init; }

    /// <summary>Gets whether the request, and what is reported of it later, counts in the comparison.</summary>
    public bool IsEvidence => Arm is not Arm.Outside && StartTick != OutcomeRecorder.NoEvidence;

    /// <summary>Gets the assignment again, so that a late outcome or score finds its arm and its start tick.</summary>
    /// <param name="version">The version of <see cref="Variant"/> in that rollout.</param>
    public Assignment ToAssignment(string version) => new()
    {
        Version = version,
        Variant = Variant,
        Arm = Arm,
        Reason = Reason,
        KeyHash = KeyHash,
        Attempt = Attempt,
        Stage = Stage,
        Revision = Revision,
        StartTick = StartTick,
    };

    /// <summary>Names a rollout (agent, stable version, canary version) in 64 bits: the first 8 bytes of the SHA-256 of the three, each ended by a line feed.</summary>
    public static ulong RolloutOf(RolloutSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{spec.Agent}\n{spec.Stable.Version}\n{spec.Canary.Version}\n"));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
