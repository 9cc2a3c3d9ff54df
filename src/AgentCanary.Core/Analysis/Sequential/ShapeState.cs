using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>All that a <see cref="ShapeTest"/> remembers. Immutable.</summary>
public sealed record ShapeState
{
    /// <summary>Gets ln of the capital of each shift.</summary>
    public required ImmutableArray<double> Components { get; init; }

    /// <summary>Gets the counts of earlier stable requests by bin.</summary>
    public required ImmutableArray<long> Stable { get; init; }

    /// <summary>Gets ln E.</summary>
    public double LogE { get; init; }

    /// <summary>Gets the largest ln E after any block so far.</summary>
    public double LogMax { get; init; } = double.NegativeInfinity;

    /// <inheritdoc/>
    public bool Equals(ShapeState? other) => other is not null && Components.AsSpan().SequenceEqual(other.Components.AsSpan())
        && Stable.AsSpan().SequenceEqual(other.Stable.AsSpan()) && (LogE, LogMax) == (other.LogE, other.LogMax);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Stable.Sum(), LogE);
}
