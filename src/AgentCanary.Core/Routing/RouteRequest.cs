namespace AgentCanary.Routing;

/// <summary>What the router needs to know of a request.</summary>
/// <param name="Key">The sticky key, any string, or null where the request has none.</param>
public readonly record struct RouteRequest(string? Key)
{
    /// <summary>Gets the variant that an authorised caller forces, or null.</summary>
    public Variant? Forced { get; init; }

    /// <summary>Gets the variant that the conversation belongs to, or that a trusted upstream pinned; null for none.</summary>
    public Variant? Pinned { get; init; }

    /// <summary>
    /// Gets whether <see cref="Pinned"/> is a conversation's that the split began in the present stage: then it goes on counting for its arm, though not for the
    /// arm's share of the users.
    /// </summary>
    public bool IsCompared { get; init; }

    /// <summary>Gets a uniform random number, used where there is no key.</summary>
    public uint Draw { get; init; }
}
