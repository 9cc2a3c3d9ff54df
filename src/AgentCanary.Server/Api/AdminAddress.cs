using System.Diagnostics.CodeAnalysis;
using System.Net;

namespace AgentCanary.Server.Api;

/// <summary>Judges where the admin listener may listen: on this machine alone, for there every caller is trusted.</summary>
public static class AdminAddress
{
    /// <summary>The address unless another one is given.</summary>
    public const string Default = "http://127.0.0.1:8081";

    /// <summary>Reads the address of the admin listener.</summary>
    /// <param name="text">An <c>http</c> URL of a loopback address with a port, 0 for any free one.</param>
    /// <param name="address">The address; null where it is refused.</param>
    /// <param name="fault">What is wrong and what would be right; null where it is accepted.</param>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Uri? address, [NotNullWhen(false)] out string? fault)
    {
        fault = Uri.TryCreate(text, UriKind.Absolute, out address) && address.Scheme == Uri.UriSchemeHttp && address.PathAndQuery == "/" && address.UserInfo.Length == 0 && address.Fragment.Length == 0
            ? FaultOfHost(address)
            : $"'{text}' is not an address for the admin listener: write a plain URL such as {Default}";
        if (fault is not null) address = null;
        return fault is null;
    }

    private static string? FaultOfHost(Uri address)
    {
        if (address.Host == "localhost" || (IPAddress.TryParse(address.DnsSafeHost, out var ip) && IPAddress.IsLoopback(ip))) return null;
        return $"the admin listener at '{address.Host}' could be reached from other machines, which needs TLS and API keys, and there are none: use a loopback address such as {Default}";
    }
}
