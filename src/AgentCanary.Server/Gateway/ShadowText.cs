namespace AgentCanary.Server.Gateway;

/// <summary>What is known of a request or an answer after its comparison. Immutable.</summary>
/// <param name="Digest">Tells whether two texts are the same, and nothing more: keyed anew by each process.</param>
/// <param name="Length">How many bytes it had.</param>
/// <param name="Redacted">The redacted text for people; null where the file does not ask for it.</param>
internal sealed record ShadowText(string Digest, int Length, string? Redacted);
