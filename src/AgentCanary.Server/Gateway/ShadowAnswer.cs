namespace AgentCanary.Server.Gateway;

/// <summary>An answer of stable's or of the shadow's. Immutable.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Body">The body, or null where it cannot be compared: it is too long, or encoded.</param>
internal sealed record ShadowAnswer(int Status, ReadOnlyMemory<byte>? Body);
