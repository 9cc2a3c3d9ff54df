using System.Net;

namespace AgentCanary.Server.Gateway;

/// <summary>The networks whose callers may force a variant. Immutable.</summary>
internal sealed class TrustedNetworks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(IPNetwork.Parse)];

    public bool Holds(IPAddress? address)
    {
        if (_networks.Length == 0 || address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        foreach (var network in _networks)
            if (network.Contains(plain))
                return true;
        return false;
    }
}
