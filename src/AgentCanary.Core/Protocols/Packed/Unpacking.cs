using System.IO.Compression;

namespace AgentCanary.Protocols.Packed;

/// <summary>Unpacks a compressed body as it comes. One answer's, used by one thread at a time.</summary>
internal sealed class Unpacking : IDisposable
{
    private readonly PassingStream _packed = new();
    private readonly Stream _unpacked;

    private Unpacking(Func<Stream, Stream> unpack) => _unpacked = unpack(_packed);

    /// <summary>
    /// Begins by a <c>Content-Encoding</c>; null where it is not one of <c>gzip</c> and <c>deflate</c>. Brotli and Zstandard would keep up to 16 MB of an answer, and more.
    /// </summary>
    public static Unpacking? Begin(string coding) => coding.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new(packed => new GZipStream(packed, CompressionMode.Decompress)),
        "deflate" => new(packed => new ZLibStream(packed, CompressionMode.Decompress)),
        _ => null,
    };

    /// <summary>Takes what came, after all that came before was unpacked.</summary>
    public void Take(ReadOnlySpan<byte> bytes) => _packed.Take(bytes);

    /// <summary>Unpacks as much as there is room for.</summary>
    /// <returns>The bytes that were written; 0 where nothing more comes out of what was taken.</returns>
    /// <exception cref="InvalidDataException">The bytes cannot be unpacked.</exception>
    public int Read(Span<byte> buffer) => _unpacked.Read(buffer);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        _unpacked.Dispose();
        _packed.Dispose();
    }
}
