using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

/// <summary>A request with one attribute.</summary>
internal readonly record struct SomeAttributes(string Name, string? Value) : IAttributes
{
    public string? Find(string name) => name == Name ? Value : null;
}
