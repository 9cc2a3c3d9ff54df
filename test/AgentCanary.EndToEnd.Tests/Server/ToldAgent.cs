using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentCanary.EndToEnd.Tests.Server;

/// <summary>An agent on a bare socket, one request for each connection, that answers each as it is told by the request's body.</summary>
internal sealed class ToldAgent : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, string> _answer;
    private readonly Task _loop;
    private int _requests;

    /// <summary>Starts the agent.</summary>
    /// <param name="answer">Makes of a request's body the bytes of the answer; of nothing a reset.</param>
    public ToldAgent(Func<string, string> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>Gets the requests that came whole.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true) all.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        try
        {
            using var held = socket;
            if (await ReadAsync(socket) is not { } body) return; // a probe
            Interlocked.Increment(ref _requests);
            var words = _answer(body);
            await socket.SendAsync(Encoding.UTF8.GetBytes(words), _stop.Token);
            if (words.Length == 0) socket.LingerState = new(true, 0);
            else socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            // The gateway left first, or the test is over.
        }
    }

    private async Task<string?> ReadAsync(Socket socket)
    {
        var text = "";
        var buffer = new byte[4096];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0) return null;
            text += Encoding.UTF8.GetString(buffer, 0, read);
            var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end < 0) continue;
            var length = text[..end].Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
            if (text.Length - end - 4 >= (length is null ? 0 : int.Parse(length.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture))) return text[(end + 4)..];
        }
    }
}
