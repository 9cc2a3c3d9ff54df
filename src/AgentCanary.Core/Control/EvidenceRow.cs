namespace AgentCanary.Control;

/// <summary>The evidence of one attempt as a store keeps it: one row, overwritten, without revision and without events.</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="Attempt">The attempt.</param>
/// <param name="Bytes">The evidence in its versioned form.</param>
public sealed record EvidenceRow(string Agent, int Attempt, ReadOnlyMemory<byte> Bytes);
