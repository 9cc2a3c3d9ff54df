using System.Net;
using System.Net.Sockets;

namespace AgentCanary.Server.Outbound;

/// <summary>
/// Where the server may be made to call by a rollout file. Addresses of the link, where clouds give machines their credentials, never; the machine itself only by a name that says so,
/// so that no foreign name leads back to it. Private networks are allowed: judges of one's own live there. Pure and thread-safe.
/// </summary>
internal static class OutboundRules
{
    private static readonly IPAddress MetadataOverV6 = IPAddress.Parse("fd00:ec2::254");

    /// <summary>Tells whether an address that a host's name leads to may be called.</summary>
    public static bool Allows(string host, IPAddress address)
    {
        var real = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(real)) return IsThisMachine(host);
        if (real.AddressFamily is AddressFamily.InterNetworkV6)
            return !(real.IsIPv6LinkLocal || real.IsIPv6Multicast || real.IsIPv6SiteLocal || real.Equals(IPAddress.IPv6Any) || real.Equals(MetadataOverV6));
        var bytes = real.GetAddressBytes();
        return !(bytes[0] is 0 or >= 224 || (bytes[0] == 169 && bytes[1] == 254));
    }

    private static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var literal) && IPAddress.IsLoopback(literal));
}
