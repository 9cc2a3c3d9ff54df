using System.Net;
using System.Net.Sockets;

namespace AgentCanary.Cli.Demo;

/// <summary>Finds ports of this machine that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>Finds several different ones. Somebody else may still take one before it is used.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(listener => listener.Start());
            return [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(listener => listener.Dispose());
        }
    }
}
