using System.Buffers.Binary;
using System.Numerics;

namespace AgentCanary.Routing;

/// <summary>
/// XXH64 as its published specification has it (github.com/Cyan4973/xxHash, doc/xxhash_spec.md), over bytes that come in pieces:
/// whole stripes of 32 bytes to <see cref="AddStripes"/>, what is left to <see cref="Finish"/>. Not thread-safe: each caller has its own.
/// </summary>
internal struct Xxh64(ulong seed)
{
    /// <summary>The bytes that are mixed in at once.</summary>
    public const int StripeBytes = 32;

    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    private ulong _lane1 = seed + unchecked(Prime1 + Prime2);
    private ulong _lane2 = seed + Prime2;
    private ulong _lane3 = seed;
    private ulong _lane4 = seed - Prime1;
    private ulong _length;

    /// <summary>Hashes bytes that are all there.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        if (bytes.Length < StripeBytes) return Tail(seed + Prime5 + (ulong)bytes.Length, bytes);
        var hash = new Xxh64(seed);
        return hash.Finish(hash.AddStripes(bytes));
    }

    /// <summary>Mixes in all whole stripes and gives back the bytes that are left, fewer than 32.</summary>
    public ReadOnlySpan<byte> AddStripes(ReadOnlySpan<byte> bytes)
    {
        _length += (ulong)(bytes.Length - (bytes.Length % StripeBytes));
        for (; bytes.Length >= StripeBytes; bytes = bytes[StripeBytes..])
        {
            _lane1 = Round(_lane1, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            _lane2 = Round(_lane2, BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
            _lane3 = Round(_lane3, BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]));
            _lane4 = Round(_lane4, BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]));
        }
        return bytes;
    }

    /// <summary>Ends the hash with the last bytes, fewer than 32.</summary>
    public readonly ulong Finish(ReadOnlySpan<byte> rest)
    {
        // Without a stripe the third lane is still the seed.
        if (_length == 0) return Tail(_lane3 + Prime5 + (ulong)rest.Length, rest);
        var hash = BitOperations.RotateLeft(_lane1, 1) + BitOperations.RotateLeft(_lane2, 7)
            + BitOperations.RotateLeft(_lane3, 12) + BitOperations.RotateLeft(_lane4, 18);
        hash = Merge(Merge(Merge(Merge(hash, _lane1), _lane2), _lane3), _lane4);
        return Tail(hash + _length + (ulong)rest.Length, rest);
    }

    private static ulong Tail(ulong hash, ReadOnlySpan<byte> rest)
    {
        for (; rest.Length >= 8; rest = rest[8..])
            hash = (BitOperations.RotateLeft(hash ^ Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest)), 27) * Prime1) + Prime4;
        if (rest.Length >= 4)
        {
            hash = (BitOperations.RotateLeft(hash ^ (BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1), 23) * Prime2) + Prime3;
            rest = rest[4..];
        }
        foreach (var last in rest) hash = BitOperations.RotateLeft(hash ^ (last * Prime5), 11) * Prime1;
        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;
}
