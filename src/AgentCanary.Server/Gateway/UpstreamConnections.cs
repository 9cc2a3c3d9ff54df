using System.Net;
using System.Net.Sockets;

namespace AgentCanary.Server.Gateway;

/// <summary>Makes the client of one version: no redirects, cookies, proxies or decompression, and a bound on everything.</summary>
internal static class UpstreamConnections
{
    public static HttpMessageInvoker Make(GatewayOptions options) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null, // the caller's trace headers pass as they are
        EnableMultipleHttp2Connections = true,
        MaxConnectionsPerServer = options.MaxConnections,
        MaxResponseHeadersLength = options.MaxResponseHeaders,
        PooledConnectionLifetime = options.ConnectionLifetime,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        ConnectTimeout = options.ConnectTimeout * 2, // the TLS handshake; the connection itself has its own limit below
        ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, options.ConnectTimeout, cancellation),
    });

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint point, TimeSpan timeout, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            await socket.ConnectAsync(point, limit.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new UpstreamUnreachableException(point.Host, point.Port, exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
