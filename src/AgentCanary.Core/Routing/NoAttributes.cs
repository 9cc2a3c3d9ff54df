namespace AgentCanary.Routing;

/// <summary>A request that says nothing of its caller.</summary>
public readonly record struct NoAttributes : IAttributes
{
    /// <inheritdoc/>
    public string? Find(string name) => null;
}
