using System.Net;

namespace AgentCanary.Server.Gateway;

/// <summary>The content of an answer, read through a <see cref="WatchedStream"/>.</summary>
internal sealed class WatchedContent(HttpContent inner, ForwardedCall call) : HttpContent
{
    protected override async Task<Stream> CreateContentReadStreamAsync() => new WatchedStream(await inner.ReadAsStreamAsync(), call);

    protected override async Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) =>
        new WatchedStream(await inner.ReadAsStreamAsync(cancellationToken), call);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => inner.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
