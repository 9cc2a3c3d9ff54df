using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Makes and reads decision ids: 39 bytes of payload and 16 bytes of HMAC-SHA256 over them, as 74 characters of base64url. Thread-safe.
/// Nobody without the key can make one, so nobody can invent traffic.
/// </summary>
public sealed class DecisionIds
{
    /// <summary>The characters of an id.</summary>
    public const int Length = 74;

    private const byte Format = 1;
    private const int PayloadBytes = 39;
    private const int TagBytes = 16;
    private const int Reported = 0x80;

    // In the place of the start tick, which the answer of a rescue never has. Who reads ids without knowing it takes it for a tick far ahead, of a request outside the comparison.
    private const uint Rescued = uint.MaxValue - 2;

    private readonly KeyedHash _hash;
    private int _sequence;

    /// <summary>Takes the key.</summary>
    /// <param name="key">32 bytes that nobody else knows.</param>
    /// <exception cref="ArgumentException">The key is not 32 bytes long.</exception>
    public DecisionIds(ReadOnlySpan<byte> key)
    {
        if (key.Length != DecisionKey.Bytes) throw new ArgumentException($"The key of decision ids is {DecisionKey.Bytes} bytes long, not {key.Length}.", nameof(key));
        _hash = new(key.ToArray());
    }

    /// <summary>Makes the id of an assignment. Its only allocation is the string.</summary>
    /// <param name="rollout">The rollout; see <see cref="DecisionId.RolloutOf"/>.</param>
    /// <param name="assignment">The assignment.</param>
    /// <param name="startedAt">When the request started.</param>
    /// <param name="isReported">Whether its caller reports the outcome, as nobody else sees it.</param>
    /// <param name="isRescue">Whether the version answers for the assigned one, which failed.</param>
    public string Make(ulong rollout, in Assignment assignment, DateTimeOffset startedAt, bool isReported = false, bool isRescue = false)
    {
        Span<byte> bytes = stackalloc byte[PayloadBytes + TagBytes];
        bytes[0] = Format;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], rollout);
        bytes[9] = (byte)((int)assignment.Variant | ((int)assignment.Arm << 1) | ((int)assignment.Reason << 3) | (isReported ? Reported : 0));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], (ushort)Math.Min(assignment.Attempt, ushort.MaxValue));
        bytes[12] = (byte)Math.Min(assignment.Stage, byte.MaxValue);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[13..], (uint)assignment.Revision);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[17..], assignment.KeyHash);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[25..], isRescue ? Rescued : (uint)assignment.StartTick);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[29..], (ulong)startedAt.ToUnixTimeMilliseconds() << 16); // 6 bytes of time, then the sequence over the rest
        BinaryPrimitives.WriteUInt32BigEndian(bytes[35..], (uint)Interlocked.Increment(ref _sequence));
        Sign(bytes[..PayloadBytes], bytes[PayloadBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Reads an id that this key made. Any other text gives false, in a time that tells nothing of the key; never throws.</summary>
    public bool TryRead(ReadOnlySpan<char> text, out DecisionId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[PayloadBytes + TagBytes];
        if (text.Length != Length || !Decodes(text, bytes) || bytes[0] != Format) return false;
        Span<byte> tag = stackalloc byte[TagBytes];
        Sign(bytes[..PayloadBytes], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, bytes[PayloadBytes..])) return false;
        id = Read(bytes);
        return true;
    }

    // Base64 of 55 bytes leaves four spare bits: an id with any of them set would be a second spelling of the same decision.
    private static bool Decodes(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length) return false;
        Span<char> again = stackalloc char[Length];
        return Base64Url.TryEncodeToChars(bytes, again, out var length) && text.SequenceEqual(again[..length]);
    }

    private static DecisionId Read(ReadOnlySpan<byte> bytes)
    {
        var tick = BinaryPrimitives.ReadUInt32BigEndian(bytes[25..]);
        return new()
        {
            Rollout = BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]),
            Variant = (Variant)(bytes[9] & 1),
            Arm = (Arm)((bytes[9] >> 1) & 3),
            Reason = (AssignmentReason)((bytes[9] & ~Reported) >> 3),
            IsReported = (bytes[9] & Reported) != 0,
            Attempt = BinaryPrimitives.ReadUInt16BigEndian(bytes[10..]),
            Stage = bytes[12],
            Revision = BinaryPrimitives.ReadUInt32BigEndian(bytes[13..]),
            KeyHash = BinaryPrimitives.ReadUInt64BigEndian(bytes[17..]),
            StartTick = tick == Rescued ? -1 : tick > Rescued ? unchecked((int)tick) : tick,
            IsRescue = tick == Rescued,
            StartedAt = DateTimeOffset.FromUnixTimeMilliseconds((long)(BinaryPrimitives.ReadUInt64BigEndian(bytes[29..]) >> 16)),
            Sequence = BinaryPrimitives.ReadInt32BigEndian(bytes[35..]),
        };
    }

    /// <summary>Signs other things than decisions with the same key. Their first byte tells them apart.</summary>
    internal void Sign(ReadOnlySpan<byte> payload, Span<byte> tag)
    {
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hash.Compute(payload, digest);
        digest[..TagBytes].CopyTo(tag);
    }
}
