using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>What a recorder counts by bins, and where each arm's cuts are: the canary's may be stable's times a margin. Immutable and thread-safe.</summary>
internal sealed record BinPlan(ImmutableArray<(string Quantity, Bins Control, Bins Canary)> Quantities)
{
    /// <summary>Gets the plan that counts nothing by bins.</summary>
    public static BinPlan None { get; } = new([]);

    /// <summary>Finds the bins of a quantity in one arm, or null where it is not counted.</summary>
    public Bins? Find(string quantity, Arm arm)
    {
        foreach (var (name, control, canary) in Quantities)
        {
            if (name == quantity) return arm is Arm.Canary ? canary : control;
        }
        return null;
    }
}
