namespace AgentCanary.Server.Api;

/// <summary>The two sides of the comparison as JSON.</summary>
/// <param name="Canary">Eligible requests that the canary served.</param>
/// <param name="Control">Eligible requests that stable served.</param>
public sealed record ArmsView(ArmView Canary, ArmView Control);
