using System.Globalization;

namespace AgentCanary.Routing;

/// <summary>
/// Where a sticky key lies in the key space. Every string is a legal key, read as UTF-8 with U+FFFD for a lone surrogate.
/// A contract with published vectors: a change of any result moves users, so a new way gets a new name.
/// Pure and thread-safe; hashing allocates nothing, and takes the same memory for any length.
/// </summary>
public static class StickyHash
{
    // 64 units are at most 192 bytes: ids, UUIDs and e-mail addresses take the short way.
    private const int ShortUnits = 64;
    private const int ChunkBytes = 512;

    /// <summary>Makes the salt of an attempt: XXH64 of name, canary version and attempt, each on its line, seeded by the pepper.</summary>
    /// <param name="name">The agent's name; may be empty.</param>
    /// <param name="canaryVersion">The version that is rolled out.</param>
    /// <param name="attempt">The attempt, from 1.</param>
    /// <param name="pepper">A secret of the installation: 0 for none.</param>
    public static ulong Salt(string name, string canaryVersion, int attempt, ulong pepper = 0) =>
        Hash(string.Create(CultureInfo.InvariantCulture, $"{name}\n{canaryVersion}\n{attempt}"), pepper);

    /// <summary>Hashes a key by XXH64; the bucket is the high 32 bits.</summary>
    /// <param name="key">The sticky key.</param>
    /// <param name="salt">The salt of the attempt, from <see cref="Salt"/>.</param>
    public static ulong Hash(ReadOnlySpan<char> key, ulong salt)
    {
        if (key.Length > ShortUnits) return HashLong(key, salt);
        Span<byte> bytes = stackalloc byte[ShortUnits * 3];
        return Xxh64.Hash(bytes[..Utf8Text.Take(ref key, bytes)], salt);
    }

    /// <summary>Finds the bucket of a key by MD5: its first four bytes, big-endian, unsalted.</summary>
    /// <param name="key">The sticky key.</param>
    public static uint Md5Bucket(ReadOnlySpan<char> key)
    {
        Span<byte> block = stackalloc byte[Md5.BlockBytes];
        var rest = key;
        var used = key.Length <= Md5.MostInOneBlock ? Utf8Text.Take(ref rest, block[..^1]) : 0;
        return rest.IsEmpty ? new Md5().Finish(block, used) : Md5BucketLong(key);
    }

    /// <summary>Tells whether a bucket is the canary's. Exact: 0 % is nobody, 100 % everybody, and a growing weight takes nobody off.</summary>
    /// <param name="bucket">The place in the key space, 0 to 2^32 - 1.</param>
    /// <param name="weight">The canary's share.</param>
    public static bool IsCanary(uint bucket, Weight weight) => (ulong)bucket * Weight.Scale < (ulong)weight.BasisPoints << 32;

    private static ulong HashLong(ReadOnlySpan<char> key, ulong salt)
    {
        Span<byte> chunk = stackalloc byte[ChunkBytes];
        var hash = new Xxh64(salt);
        var kept = 0;
        while (!key.IsEmpty)
        {
            var filled = kept + Utf8Text.Take(ref key, chunk[kept..]);
            var left = hash.AddStripes(chunk[..filled]);
            left.CopyTo(chunk);
            kept = left.Length;
        }
        return hash.Finish(chunk[..kept]);
    }

    private static uint Md5BucketLong(ReadOnlySpan<char> key)
    {
        Span<byte> chunk = stackalloc byte[ChunkBytes];
        var hash = new Md5();
        var kept = 0;
        while (!key.IsEmpty)
        {
            var filled = kept + Utf8Text.Take(ref key, chunk[kept..]);
            var left = hash.AddBlocks(chunk[..filled]);
            left.CopyTo(chunk);
            kept = left.Length;
        }
        chunk[kept..].Clear();
        return hash.Finish(chunk, kept);
    }
}
