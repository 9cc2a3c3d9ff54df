namespace AgentCanary.Server.Gateway;

/// <summary>An answer of stable's or of the shadow's. Immutable.</summary>
/// <param name="Status">The status code.</param>
internal sealed record ShadowAnswer(int Status);
