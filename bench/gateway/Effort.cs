namespace AgentCanary.GatewayBench;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often every target has its turn.</param>
/// <param name="Slice">How long a turn lasts.</param>
/// <param name="Warm">How long a target works before it is measured.</param>
/// <param name="Streams">The streams of a turn.</param>
internal sealed record Effort(int Rounds, TimeSpan Slice, TimeSpan Warm, int Streams)
{
    public static Effort Of(bool isQuick) => isQuick ? new(2, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10), 50) : new(5, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(30), 100);
}
