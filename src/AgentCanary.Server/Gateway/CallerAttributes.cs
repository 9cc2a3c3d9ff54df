using System.Collections.Frozen;
using AgentCanary.Routing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>What a request says of its caller, by the names that a rollout's cohorts use. Parsed once per rollout, so that a lookup makes no string.</summary>
internal readonly struct CallerAttributes(FrozenDictionary<string, KeySource> sources, HttpRequest request) : IAttributes
{
    public string? Find(string name)
    {
        if (!sources.TryGetValue(name, out var source)) return null;
        if (source.Kind == KeySourceKind.Cookie) return request.Headers.Cookie.Count == 0 ? null : request.Cookies[source.Name];
        return request.Headers.TryGetValue(source.Name, out var value) ? value.ToString() : null;
    }
}
