using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AgentCanary.Server.Gateway;

/// <summary>An agent that says on a bare socket whatever a test wants, well-formed or not.</summary>
internal sealed class RawAgent : IAsyncDisposable
{
    // Bound and never listening: connections are refused, and nobody else can come to listen there.
    private static readonly Socket Closed = Bind();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Socket, CancellationToken, Task> _answer;
    private readonly Task _loop;
    private int _connections;

    public RawAgent(Func<Socket, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>An agent that reads a request's head, says these words, and closes in good order or with a reset.</summary>
    public static RawAgent Saying(string words, bool resets = false) => new(async (socket, cancellation) =>
    {
        await ReadHeadAsync(socket, cancellation);
        await socket.SendAsync(Encoding.Latin1.GetBytes(words), cancellation);
        if (resets) socket.LingerState = new(true, 0);
        else socket.Shutdown(SocketShutdown.Send);
    });

    /// <summary>An agent that takes requests and never answers.</summary>
    public static RawAgent Silent() => new((_, cancellation) => Task.Delay(Timeout.Infinite, cancellation));

    /// <summary>An address where nobody listens.</summary>
    public static Uri Nobody() => new($"http://{Closed.LocalEndPoint}");

    public static async Task<string> ReadHeadAsync(Socket socket, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await socket.ReceiveAsync(buffer, cancellation) > 0) text.Append((char)buffer[0]);
        return text.ToString();
    }

    /// <summary>Reads a request to the end of its body.</summary>
    public static async Task ReadRequestAsync(Socket socket, CancellationToken cancellation)
    {
        var head = await ReadHeadAsync(socket, cancellation);
        const string field = "Content-Length: ";
        if (head.IndexOf(field, StringComparison.OrdinalIgnoreCase) is not (>= 0 and var at)) return;
        var left = int.Parse(head[(at + field.Length)..].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
        var buffer = new byte[4096];
        while (left > 0 && await socket.ReceiveAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), cancellation) is > 0 and var read) left -= read;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _loop;
        _stop.Dispose();
    }

    private static Socket Bind()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
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
        Interlocked.Increment(ref _connections);
        try
        {
            using (socket) await _answer(socket, _stop.Token);
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException)
        {
            // The gateway closed first, or the test is over.
        }
    }
}
