using System.Net.Sockets;
using System.Text;

namespace AgentCanary.Server.Gateway;

/// <summary>A caller on a bare socket.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public static async Task<RawClient> OpenAsync(Uri address)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(address.Host, address.Port);
        return client;
    }

    /// <summary>Sends bytes and reads the status of the answer; 0 where the connection was closed without one.</summary>
    public static async Task<int> StatusAsync(Uri address, string bytes)
    {
        try
        {
            using var client = await OpenAsync(address);
            await client.SendAsync(bytes);
            var head = await client.ReadHeadAsync();
            return head.Length == 0 ? 0 : int.Parse(head.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SocketException)
        {
            return 0; // reset while connecting or sending
        }
    }

    public Task SendAsync(string bytes) => _socket.SendAsync(Encoding.Latin1.GetBytes(bytes));

    public void HalfClose() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Leaves at once, with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new(true, 0);
        _socket.Close();
    }

    public Task<string> ReadHeadAsync() => ReadUntilAsync("\r\n\r\n");

    /// <summary>Reads up to and with these words, or to the end.</summary>
    public async Task<string> ReadUntilAsync(string words)
    {
        using var limit = new CancellationTokenSource(Testing.Eventually.Limit);
        var text = new StringBuilder();
        var buffer = new byte[1];
        while (!text.ToString().EndsWith(words, StringComparison.Ordinal) && await ReceiveAsync(buffer, limit.Token) > 0) text.Append((char)buffer[0]);
        return text.ToString();
    }

    /// <summary>Reads to the end; says whether it was a reset.</summary>
    public async Task<(string Text, bool WasReset)> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Testing.Eventually.Limit);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, limit.Token) is > 0 and var read) text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            return (text.ToString(), false);
        }
        catch (SocketException)
        {
            return (text.ToString(), true);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<int> ReceiveAsync(byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, cancellation);
        }
        catch (SocketException)
        {
            return 0;
        }
    }
}
