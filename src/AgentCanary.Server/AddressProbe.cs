using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace AgentCanary.Server;

/// <summary>Finds out whether addresses are free before anything is decided that would have to be taken back where they are not.</summary>
internal static class AddressProbe
{
    /// <summary>Gets where a listener of an address listens; null where it listens on all interfaces.</summary>
    public static IPEndPoint? EndPointOf(Uri address) =>
        IPAddress.TryParse(address.DnsSafeHost, out var ip) ? new(ip, address.Port)
        : address.Host == "localhost" ? new(IPAddress.Loopback, address.Port)
        : null;

    /// <summary>Listens at all of the addresses at once for a moment, so that two that are the same are found, too. Port 0 is always free.</summary>
    /// <exception cref="IOException">Another process listens at one of them; worded as the web server's own.</exception>
    public static void Probe(params ReadOnlySpan<Uri> addresses)
    {
        var held = new List<Socket>();
        try
        {
            foreach (var address in addresses)
            {
                if (address.Port != 0) held.Add(Listen(address));
            }
        }
        finally
        {
            foreach (var socket in held) socket.Dispose();
        }
    }

    private static Socket Listen(Uri address)
    {
        var endPoint = EndPointOf(address) ?? new(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, address.Port);
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            socket.Bind(endPoint);
            socket.Listen();
            return socket;
        }
        catch (SocketException fault)
        {
            socket.Dispose();
            if (fault.SocketErrorCode is not SocketError.AddressAlreadyInUse) throw;
            throw new IOException($"Failed to bind to address {address.Scheme}://{endPoint}: address already in use.", new AddressInUseException(fault.Message, fault));
        }
    }
}
