namespace AgentCanary.Server.Api;

/// <summary>The permission that an endpoint declares.</summary>
/// <param name="Permission">The permission.</param>
internal sealed record RequiredPermission(Permission Permission);
