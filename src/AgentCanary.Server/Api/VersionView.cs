namespace AgentCanary.Server.Api;

/// <summary>One version of an agent as JSON.</summary>
/// <param name="Version">The version's name.</param>
public sealed record VersionView(string Version);
