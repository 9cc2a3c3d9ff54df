namespace AgentCanary.Planning.Simulation;

/// <summary>A made world as a person writes it: lists such as <c>error_rate=0.01,p95_latency=800ms</c>. Immutable and thread-safe.</summary>
/// <param name="PerSecond">Requests a second of the whole agent, above 0.</param>
/// <param name="Stable">How stable answers; empty for what is assumed.</param>
/// <param name="Canary">How the canary differs from stable; empty for not at all.</param>
/// <param name="Both">What holds for both.</param>
public sealed record WorldText(double PerSecond, string Stable, string Canary, string Both)
{
    /// <summary>Gets how many users send the requests, or null where every request is of another user.</summary>
    public int? Users { get; init; }
}
