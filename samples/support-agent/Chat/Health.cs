namespace SupportAgent.Chat;

/// <summary>The answer of GET /healthz.</summary>
internal sealed record Health(string Status, string Version);
