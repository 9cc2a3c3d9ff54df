using System.Text;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// The body of an answer as it passes: shows it to its call, and tells of a break before the end. Nothing is held back. Where the answer's version is withdrawn it ends
/// with the protocol's own words for a failure, or breaks off; it never ends as if it were whole.
/// </summary>
internal sealed class WatchedStream(Stream inner, ForwardedCall call) : ForwardOnlyStream
{
    private EventBoundary _boundary;
    private CancellationTokenSource? _end;
    private ReadOnlyMemory<byte>? _lastWords;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_lastWords is not null || call.Cut.IsCancellationRequested) return Finish(buffer.Span);
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, EndOf(cancellationToken));
        }
        catch (Exception) when (call.Cut.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return Finish(buffer.Span);
        }
        catch (Exception fault)
        {
            call.OnBodyFault(fault);
            throw;
        }

        // A read of no bytes into no buffer only waits for bytes to come.
        if (read > 0) call.OnBodyBytes(buffer.Span[..read]);
        if (call.Cut.CanBeCanceled) _boundary.Read(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _end?.Dispose();
        }

        base.Dispose(disposing);
    }

    // One source for all reads: a copy of a body reads by one token from its first byte to its last.
    private CancellationToken EndOf(CancellationToken cancellationToken)
    {
        if (!call.Cut.CanBeCanceled) return cancellationToken;
        _end ??= CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, call.Cut);
        return _end.Token;
    }

    private int Finish(Span<byte> buffer)
    {
        if (_lastWords is null)
        {
            var words = call.End(_boundary.IsReached) ?? throw new IOException(Refusal.Cut.Detail);
            _lastWords = Encoding.UTF8.GetBytes(words);
        }

        var rest = _lastWords.Value;
        var count = Math.Min(buffer.Length, rest.Length);
        rest.Span[..count].CopyTo(buffer);
        _lastWords = rest[count..];
        return count;
    }
}
