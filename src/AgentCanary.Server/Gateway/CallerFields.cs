using AgentCanary.Protocols;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A caller's header fields, as protocols read them.</summary>
internal sealed class CallerFields(IHeaderDictionary headers) : IHeaderFields
{
    public string? Find(string name) => headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
