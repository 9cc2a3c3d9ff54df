using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

/// <summary>A request whose attributes cannot be read.</summary>
internal readonly record struct FaultyAttributes : IAttributes
{
    public string? Find(string name) => throw new InvalidOperationException($"'{name}' cannot be read.");
}
