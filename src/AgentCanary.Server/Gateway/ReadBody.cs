using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentCanary.Server.Gateway;

/// <summary>A request body, or the beginning of one, that was read for its key and fields. One call's, used by one thread at a time.</summary>
internal sealed class ReadBody
{
    private const int FirstBuffer = 8 << 10;

    private readonly Stream _rest;
    private readonly byte[] _buffer;
    private readonly int _length;

    private ReadBody(Stream rest, byte[] buffer, int length, bool isWhole)
    {
        (_rest, _buffer, _length) = (rest, buffer, length);
        IsWhole = isWhole;
    }

    /// <summary>Gets whether the body ended within the limit.</summary>
    public bool IsWhole { get; }

    /// <summary>Gets the body where it is whole; else nothing.</summary>
    public ReadOnlySpan<byte> Bytes => IsWhole ? _buffer.AsSpan(0, _length) : [];

    /// <summary>Tells whether a request has no body for certain.</summary>
    public static bool IsAbsent(HttpContext context) => context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };

    /// <summary>Reads a body up to a limit.</summary>
    /// <returns>Null where the request has no body, or says that it is longer than the limit.</returns>
    public static async ValueTask<ReadBody?> ReadAsync(HttpContext context, int limit)
    {
        var request = context.Request;
        if (request.ContentLength > limit || IsAbsent(context)) return null;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Min(limit + 1, (int)(request.ContentLength + 1 ?? FirstBuffer)));
        var length = 0;
        while (length <= limit)
        {
            if (length == buffer.Length) buffer = Grow(buffer);
            var read = await request.Body.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
            if (read == 0) return new(request.Body, buffer, length, isWhole: true);
            length += read;
        }

        return new(request.Body, buffer, length, isWhole: false);
    }

    /// <summary>Puts the body back for forwarding: as it came, or what replaces it.</summary>
    public void Restore(HttpContext context, byte[]? replacement)
    {
        var request = context.Request;
        if (IsWhole)
        {
            request.Body = replacement is null ? new MemoryStream(_buffer, 0, _length, writable: false) : new MemoryStream(replacement, writable: false);
            if (request.ContentLength is not null) request.ContentLength = replacement?.Length ?? _length;
        }
        else
        {
            request.Body = new PrefixedStream(_buffer.AsMemory(0, _length), _rest);
        }
    }

    /// <summary>Gives the memory back. Only when nothing can read the body any more.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(_buffer);

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
