using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>All that a <see cref="ShapeTest"/> remembers. Immutable.</summary>
public sealed record ShapeState : TestState
{
    /// <summary>Gets the counts of earlier stable requests by bin.</summary>
    public required ImmutableArray<long> Stable { get; init; }

    /// <inheritdoc/>
    internal override TestState Forget() => this with { Stable = [.. new long[Stable.Length]] };

    /// <inheritdoc/>
    public bool Equals(ShapeState? other) => other is not null && HasSame(other) && Stable.AsSpan().SequenceEqual(other.Stable.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stable.Sum(), LogE);
}
