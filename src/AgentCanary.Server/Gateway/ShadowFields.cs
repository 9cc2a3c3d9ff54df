using System.Collections.Immutable;
using AgentCanary.Protocols;

namespace AgentCanary.Server.Gateway;

/// <summary>The header fields of a shadow call, as protocols read them.</summary>
internal sealed class ShadowFields(ImmutableArray<KeyValuePair<string, string>> headers) : IHeaderFields
{
    public string? Find(string name)
    {
        foreach (var (own, value) in headers)
            if (own.Equals(name, StringComparison.OrdinalIgnoreCase)) return value;
        return null;
    }
}
