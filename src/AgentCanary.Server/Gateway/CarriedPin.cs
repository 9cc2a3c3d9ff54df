namespace AgentCanary.Server.Gateway;

/// <summary>A version pin as an agent is given it. Immutable.</summary>
/// <param name="Text">The pin.</param>
internal sealed record CarriedPin(string Text)
{
    /// <summary>Gets the member of baggage.</summary>
    public string Member { get; } = $"{Baggage.Member}={Text}";
}
