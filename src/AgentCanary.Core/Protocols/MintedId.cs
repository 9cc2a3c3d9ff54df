namespace AgentCanary.Protocols;

/// <summary>An id that the agent made in its answer: who sends it again belongs to the version that made it.</summary>
/// <param name="Kind">What it stands for.</param>
/// <param name="Value">The id, never empty.</param>
public readonly record struct MintedId(MintedIdKind Kind, string Value);
