using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;

namespace AgentCanary.Server.Outbound;

/// <summary>
/// The one client of what is neither an agent nor a probe: no redirects, cookies, proxies or decompression, no address that <see cref="OutboundRules"/> refuses, and a bound on everything.
/// Thread-safe.
/// </summary>
internal sealed class OutboundClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = 16,
        MaxResponseHeadersLength = 32,
        PooledConnectionLifetime = TimeSpan.Zero, // calls are rare: a connection that waits for the next one has often been closed when it comes
        ConnectTimeout = ConnectTimeout,
        ConnectCallback = ConnectAsync,
    });

    /// <summary>Posts JSON.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="headers">Headers, secrets in place of their references.</param>
    /// <param name="json">The body.</param>
    /// <param name="mostBytes">The longest answer that is read.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HttpRequestException">It cannot be reached, may not be called, or its answer is too long.</exception>
    public async Task<OutboundAnswer> PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> headers, byte[] json, int mostBytes, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _client.SendAsync(request, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var bytes = new byte[mostBytes + 1];
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        if (length > mostBytes) throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, $"{address.Host} answered with more than {mostBytes} bytes.");
        return new((int)response.StatusCode, response.Headers.RetryAfter, bytes.AsMemory(0, length));
    }

    public void Dispose() => _client.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var found = await Dns.GetHostAddressesAsync(host, cancellation);
        // What was judged is what is connected to: a name may lead elsewhere the next time that it is asked for.
        var allowed = found.Where(address => OutboundRules.Allows(host, address)).ToArray();
        if (allowed.Length == 0)
            throw new HttpRequestException($"{host} leads to no address that may be called: link-local ones never, and this machine only by localhost or its loopback address.");
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
