namespace AgentCanary.Server.Traces;

/// <summary>An outcome on its way into a trace.</summary>
/// <param name="Agent">The agent's name.</param>
/// <param name="At">When the request started, from the recording's beginning.</param>
/// <param name="Arm">What it counts for.</param>
/// <param name="KeyHash">Its sticky key under a secret hash, or null without one.</param>
/// <param name="Outcome">How it ended.</param>
internal readonly record struct TraceEntry(string Agent, TimeSpan At, Arm Arm, ulong? KeyHash, Outcome Outcome);
