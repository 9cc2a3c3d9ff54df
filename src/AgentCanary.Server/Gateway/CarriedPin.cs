namespace AgentCanary.Server.Gateway;

/// <summary>A version pin as an agent is given it. Immutable.</summary>
/// <param name="Text">The pin.</param>
/// <param name="IsShadow">Whether it is a shadow's.</param>
internal sealed record CarriedPin(string Text, bool IsShadow = false)
{
    /// <summary>Gets the member of baggage; a shadow's has behind it the one by which tools know that they must not act.</summary>
    public string Member { get; } = $"{Baggage.Member}={Text}{(IsShadow ? $",{Baggage.Shadow}=1" : "")}";
}
