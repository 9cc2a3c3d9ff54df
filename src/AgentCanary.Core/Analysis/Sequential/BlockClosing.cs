namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Says when the open block closes: as soon as it holds a stable request, enough canary requests and ten in all. Only arrivals decide, never outcomes, and this is what the proofs rest on.
/// Early blocks hold one canary request, so that a total outage is called after two or three; later ones eight.
/// </summary>
public static class BlockClosing
{
    private const int MinRequests = 10;
    private const int MostCanary = 8;
    private const int Growth = 64;

    /// <summary>Tells whether the open block closes.</summary>
    /// <param name="open">The open block.</param>
    /// <param name="closedCanary">The canary requests in all blocks that are closed.</param>
    public static bool IsComplete(Block open, long closedCanary) =>
        open.StableCount >= 1 && open.CanaryCount >= Math.Min(MostCanary, 1 + (closedCanary / Growth)) && open.StableCount + open.CanaryCount >= MinRequests;
}
