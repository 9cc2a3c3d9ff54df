using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using AgentCanary.Routing;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Makes and reads version pins: which version the root of a call tree was given, signed with the key of decision ids, so that the gateways that share the key keep to it and nobody
/// else can choose. 14 bytes of payload and 16 of HMAC-SHA256, as 40 characters of base64url. Thread-safe.
/// </summary>
internal sealed class VersionPins(DecisionIds ids, TimeProvider time)
{
    public const int Length = 40;

    // A payload of another first byte and another length than a decision id's: neither can stand for the other, though one key signs both.
    private const byte Format = 2;
    private const int PayloadBytes = 14;
    private const int TagBytes = 16;

    // What two machines may differ in.
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    /// <summary>Gets the number that stands for a version.</summary>
    public static ulong NumberOf(string version) => StickyHash.Hash(version, Format);

    /// <summary>Makes the pin of a version. The same all through a minute, so that a busy gateway signs once a minute.</summary>
    public string Make(PinnedVersion version, DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[PayloadBytes + TagBytes];
        bytes[0] = Format;
        BinaryPrimitives.WriteUInt64BigEndian(bytes[1..], version.Version);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[9..], MinuteOf(now));
        bytes[PayloadBytes - 1] = version.IsShadow ? (byte)1 : (byte)0;
        ids.Sign(bytes[..PayloadBytes], bytes[PayloadBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Gets the minute in which a pin made now is made, so that one that was kept can be told from an old one.</summary>
    public static uint MinuteOf(DateTimeOffset now) => (uint)(now.ToUnixTimeSeconds() / 60);

    /// <summary>Reads a pin that this key made and that is not too old; never throws.</summary>
    /// <param name="text">What a caller sent.</param>
    /// <param name="timeToLive">How old it may be.</param>
    /// <returns>What it says, or null.</returns>
    public PinnedVersion? TryRead(ReadOnlySpan<char> text, TimeSpan timeToLive)
    {
        Span<byte> bytes = stackalloc byte[PayloadBytes + TagBytes];
        if (text.Length != Length || Base64Url.DecodeFromChars(text, bytes, out _, out var written) != OperationStatus.Done || written != bytes.Length || bytes[0] != Format) return null;
        Span<byte> tag = stackalloc byte[TagBytes];
        ids.Sign(bytes[..PayloadBytes], tag);
        if (!CryptographicOperations.FixedTimeEquals(tag, bytes[PayloadBytes..])) return null;
        var age = time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(60L * BinaryPrimitives.ReadUInt32BigEndian(bytes[9..]));
        return age >= -Skew && age <= timeToLive + TimeSpan.FromMinutes(1)
            ? new(BinaryPrimitives.ReadUInt64BigEndian(bytes[1..]), bytes[PayloadBytes - 1] == 1) : null;
    }
}
