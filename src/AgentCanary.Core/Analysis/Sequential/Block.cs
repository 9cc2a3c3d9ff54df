namespace AgentCanary.Analysis.Sequential;

/// <summary>A closed block of both arms: what is judged at once, and never looked at before it is closed.</summary>
/// <param name="StableCount">Stable observations.</param>
/// <param name="StableBad">Bad ones of them.</param>
/// <param name="CanaryCount">Canary observations.</param>
/// <param name="CanaryBad">Bad ones of them.</param>
public readonly record struct Block(long StableCount, long StableBad, long CanaryCount, long CanaryBad)
{
    /// <summary>Adds the counts of another tick.</summary>
    public Block Plus(Block other) =>
        new(StableCount + other.StableCount, StableBad + other.StableBad, CanaryCount + other.CanaryCount, CanaryBad + other.CanaryBad);
}
