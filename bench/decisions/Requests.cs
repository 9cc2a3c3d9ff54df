using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions;

/// <summary>Requests one by one, each to an arm and to its fate by chance, closed into blocks by the rule of the product.</summary>
/// <param name="random">The generator.</param>
/// <param name="world">The conditions after so many canary requests.</param>
internal sealed class Requests(SplitMix64 random, Func<long, Conditions> world)
{
    private Conditions _now = world(0);

    /// <summary>Gets the requests so far.</summary>
    public long Count { get; private set; }

    /// <summary>Gets the canary's of them.</summary>
    public long CanaryCount { get; private set; }

    /// <summary>Serves requests until a block closes.</summary>
    public Block NextBlock()
    {
        var (closed, block) = (CanaryCount, default(Block));
        while (!BlockClosing.IsComplete(block, closed))
        {
            Count++;
            if (random.NextUnit() >= _now.Share)
            {
                block = block with { StableCount = block.StableCount + 1, StableBad = block.StableBad + (random.NextUnit() < _now.Stable ? 1 : 0) };
                continue;
            }
            block = block with { CanaryCount = block.CanaryCount + 1, CanaryBad = block.CanaryBad + (random.NextUnit() < _now.Canary ? 1 : 0) };
            _now = world(++CanaryCount);
        }
        return block;
    }
}
