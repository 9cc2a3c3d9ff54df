using System.Net;
using System.Net.Sockets;

namespace AgentCanary.Server.Health;

/// <summary>Asks a version once whether it is well: by an HTTP path, a program, or a TCP connect. Thread-safe.</summary>
/// <param name="timeout">How long one probe may take.</param>
/// <param name="allowsExec">Whether a rollout file may have programs run.</param>
/// <param name="time">The clock.</param>
internal sealed class HealthProbe(TimeSpan timeout, bool allowsExec, TimeProvider time) : IDisposable
{
    // A probe tells whether the next caller could connect, so it never rides on a connection that is already there.
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        PooledConnectionLifetime = TimeSpan.Zero,
        MaxResponseHeadersLength = 32,
        ConnectTimeout = timeout,
    });

    /// <summary>Probes a version.</summary>
    /// <returns>Null where it is well, else what is wrong.</returns>
    public async Task<string?> ProbeAsync(HealthTarget target, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            return target.Spec switch
            {
                { Command.Length: > 0 } when !allowsExec => "it is probed by a program, which this server does not run: start it with --allow-exec-probes",
                { Command: { Length: > 0 } command } => await ProgramRun.RunAsync(command, linked.Token),
                { Path: { } path } => await AskAsync(new Uri(new Uri(target.Url), path), linked.Token),
                _ => await ConnectAsync(new Uri(target.Url), linked.Token),
            };
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            return fault is OperationCanceledException ? $"no answer within {timeout.TotalSeconds:0.##} s" : fault.Message;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<string?> AskAsync(Uri address, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = await _client.SendAsync(request, cancellation);
        var status = (int)response.StatusCode;
        return status is >= 200 and < 400 ? null : $"{address.AbsolutePath} answered {status}";
    }

    private static async Task<string?> ConnectAsync(Uri address, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.DnsSafeHost, address.Port, cancellation);
        return null;
    }
}
