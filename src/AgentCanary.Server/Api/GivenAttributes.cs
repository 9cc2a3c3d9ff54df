using System.Collections.Immutable;
using AgentCanary.Routing;

namespace AgentCanary.Server.Api;

/// <summary>What a caller of the API says of a request.</summary>
internal readonly struct GivenAttributes(ImmutableDictionary<string, string>? values) : IAttributes
{
    public string? Find(string name) => values?.GetValueOrDefault(name);
}
