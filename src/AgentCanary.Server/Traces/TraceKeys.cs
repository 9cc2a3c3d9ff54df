using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentCanary.Server.Gateway;

namespace AgentCanary.Server.Traces;

/// <summary>
/// Hides sticky keys: HMAC-SHA256, cut to 64 bits, under a random key that lives in memory only. Inside a recording a user stays the same user; who it is can
/// neither be computed back nor found by trying names, also by those who have the file. Thread-safe.
/// </summary>
internal sealed class TraceKeys
{
    private const int MostOnStack = 1024;

    private readonly KeyedHash _hash = new(RandomNumberGenerator.GetBytes(32));

    public ulong Hide(string key)
    {
        var most = Encoding.UTF8.GetMaxByteCount(key.Length);
        var rented = most > MostOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> bytes = rented ?? stackalloc byte[MostOnStack];
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        _hash.Compute(bytes[..Encoding.UTF8.GetBytes(key, bytes)], digest);
        if (rented is not null) ArrayPool<byte>.Shared.Return(rented);
        return BinaryPrimitives.ReadUInt64BigEndian(digest);
    }
}
