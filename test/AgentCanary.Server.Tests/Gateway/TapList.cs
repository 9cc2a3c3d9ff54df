using System.Collections.Concurrent;

namespace AgentCanary.Server.Gateway;

/// <summary>Keeps every outcome that was recorded.</summary>
internal sealed class TapList : IOutcomeTap
{
    public ConcurrentQueue<(Assignment Assignment, Outcome Outcome, string? Key)> All { get; } = new();

    public void OnOutcome(string agent, in Assignment assignment, in Outcome outcome, string? key, DateTimeOffset startedAt) => All.Enqueue((assignment, outcome, key));

    /// <summary>Waits for the only outcome; there is never a second one.</summary>
    public async Task<Outcome> SingleAsync()
    {
        await Testing.Eventually.TrueAsync(() => !All.IsEmpty);
        return Assert.Single(All).Outcome;
    }
}
