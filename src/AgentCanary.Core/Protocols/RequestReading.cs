namespace AgentCanary.Protocols;

/// <summary>What a request asks for. Immutable and thread-safe.</summary>
/// <param name="Model">The model that is asked for, or null.</param>
/// <param name="Streams">Whether the answer is wanted as a stream.</param>
/// <param name="Key">The protocol's own key of the conversation or the user, not empty, or null where the request has none.</param>
public readonly record struct RequestReading(string? Model, bool Streams, string? Key);
