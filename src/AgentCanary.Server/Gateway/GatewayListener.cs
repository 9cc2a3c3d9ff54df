using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;

namespace AgentCanary.Server.Gateway;

/// <summary>Makes a web server fit for traffic from anywhere.</summary>
public static class GatewayListener
{
    private const string LineFeedSwitch = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    /// <summary>Refuses header lines that end in a bare line feed, in this whole process. Call it before the web server is built.</summary>
    public static void RefuseBareLineFeeds() => AppContext.SetSwitch(LineFeedSwitch, true);

    /// <summary>Sets the limits that hold for a whole web server: header time, body size, HTTP/2 streams, strict lengths. Not the number of connections, which is a listener's own.</summary>
    public static KestrelServerOptions UseGatewayLimits(this KestrelServerOptions server, GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(options);
        server.AddServerHeader = false;
        server.Limits.RequestHeadersTimeout = options.HeadersTimeout;
        server.Limits.MaxRequestBodySize = options.MaxRequestBody;
        server.Limits.Http2.MaxStreamsPerConnection = 100;
        // Any name but this one keeps the server's own decoding.
        server.RequestHeaderEncodingSelector = name =>
            name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) ? StrictDigits.Instance : null;
        // Agents' header bytes pass through as they are; the client side reads them as Latin-1 too.
        server.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        return server;
    }

    /// <summary>Caps the connections of one listener at <see cref="GatewayOptions.MaxConnections"/>: one more is closed before a byte of it is read.</summary>
    public static ListenOptions UseGatewayLimits(this ListenOptions listener, GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(listener);
        ArgumentNullException.ThrowIfNull(options);
        var open = 0;
        listener.Use(next => async connection =>
        {
            try
            {
                if (Interlocked.Increment(ref open) > options.MaxConnections) connection.Abort(new ConnectionAbortedException("Too many connections."));
                else await next(connection);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        });
        return listener;
    }
}
