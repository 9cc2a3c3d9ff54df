namespace SupportAgent;

/// <summary>What chance decides for one request.</summary>
/// <param name="Fails">The model behind the agent fails.</param>
/// <param name="IsUnsafe">The answer breaks a safety rule.</param>
/// <param name="Refuses">The model declines.</param>
/// <param name="Evades">The answer sends the user elsewhere.</param>
/// <param name="ToolFails">A tool is down.</param>
/// <param name="Breaks">A stream ends in the middle.</param>
/// <param name="Latency">The time to the whole answer.</param>
/// <param name="Quality">The score that the agent's own judge gives, 0 to 1.</param>
internal readonly record struct Fate(bool Fails, bool IsUnsafe, bool Refuses, bool Evades, bool ToolFails, bool Breaks, TimeSpan Latency, double Quality);
