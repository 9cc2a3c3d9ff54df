namespace AgentCanary.Server.Gateway;

/// <summary>What a version pin says.</summary>
/// <param name="Version">The version's number.</param>
/// <param name="IsShadow">Whether the call tree is a shadow's, whose answer no user sees.</param>
internal readonly record struct PinnedVersion(ulong Version, bool IsShadow);
