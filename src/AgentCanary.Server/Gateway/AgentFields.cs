using System.Net.Http.Headers;
using AgentCanary.Protocols;

namespace AgentCanary.Server.Gateway;

/// <summary>The header fields of an agent's answer, those of its content included, as protocols read them.</summary>
internal sealed class AgentFields(HttpResponseHeaders headers, HttpContentHeaders content) : IHeaderFields
{
    public string? Find(string name) =>
        headers.NonValidated.TryGetValues(name, out var values) || content.NonValidated.TryGetValues(name, out values) ? values.ToString() : null;
}
