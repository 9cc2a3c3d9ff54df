using AgentCanary.Protocols;

namespace AgentCanary.Benchmarks;

/// <summary>A head with one field.</summary>
internal sealed class OneField(string? contentType = null) : IHeaderFields
{
    public string? Find(string name) => name == "content-type" ? contentType : null;
}
