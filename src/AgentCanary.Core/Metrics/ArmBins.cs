using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>The values of one arm in one tick, by quantity and bin. A quantity of which nothing was counted is not there. Immutable and thread-safe; equal by value.</summary>
internal sealed class ArmBins : IEquatable<ArmBins>
{
    private readonly ImmutableArray<(string Quantity, BinCounts Counts)> _quantities;

    public ArmBins(IEnumerable<(string Quantity, BinCounts Counts)> quantities) => _quantities = [.. quantities.OrderBy(quantity => quantity.Quantity, StringComparer.Ordinal)];

    /// <summary>Gets an arm without bins.</summary>
    public static ArmBins Empty { get; } = new([]);

    /// <summary>Gets the counts of a quantity, or null where nothing of it was counted.</summary>
    public BinCounts? this[string quantity]
    {
        get
        {
            foreach (var (name, counts) in _quantities)
            {
                if (name == quantity) return counts;
            }
            return null;
        }
    }

    /// <summary>Adds another node's counts of the same tick. Associative and commutative to the bit.</summary>
    public ArmBins Merge(ArmBins other) => other._quantities.IsEmpty ? this : _quantities.IsEmpty ? other : new(
        _quantities.Concat(other._quantities)
            .GroupBy(quantity => quantity.Quantity, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Select(quantity => quantity.Counts).Aggregate((sum, counts) => sum.Plus(counts)))));

    /// <summary>Counts requests that never ended as slower than all.</summary>
    public ArmBins WithMissing(long missing) => missing <= 0 ? this : new(
        _quantities.Select(quantity => (quantity.Quantity, quantity.Quantity is Quantity.Latency or Quantity.FirstContent ? quantity.Counts.PlusTop(missing) : quantity.Counts)));

    public bool Equals(ArmBins? other) => other is not null && _quantities.SequenceEqual(other._quantities);

    public override bool Equals(object? obj) => Equals(obj as ArmBins);

    public override int GetHashCode() => _quantities.Length == 0 ? 0 : _quantities[0].GetHashCode();
}
