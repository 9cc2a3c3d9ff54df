namespace AgentCanary.Server.Gateway;

/// <summary>The body of an answer as it passes: shows it to its call, and tells of a break before the end. Nothing is held back.</summary>
internal sealed class WatchedStream(Stream inner, ForwardedCall call) : ForwardOnlyStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault)
        {
            call.OnBodyFault(fault);
            throw;
        }

        // A read of no bytes into no buffer only waits for bytes to come.
        if (read > 0) call.OnBodyBytes(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
