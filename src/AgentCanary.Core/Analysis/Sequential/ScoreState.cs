using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>All that a <see cref="ScoreTest"/> remembers. Immutable.</summary>
public sealed record ScoreState
{
    /// <summary>Gets ln of the capital of each stake.</summary>
    public required ImmutableArray<double> Components { get; init; }

    /// <summary>Gets the sum of earlier stable scores.</summary>
    public double Sum { get; init; }

    /// <summary>Gets the sum of their squares.</summary>
    public double Squares { get; init; }

    /// <summary>Gets their number.</summary>
    public long Count { get; init; }

    /// <summary>Gets ln E.</summary>
    public double LogE { get; init; }

    /// <summary>Gets the largest ln E after any block so far.</summary>
    public double LogMax { get; init; } = double.NegativeInfinity;

    /// <inheritdoc/>
    public bool Equals(ScoreState? other) => other is not null && Components.AsSpan().SequenceEqual(other.Components.AsSpan())
        && (Sum, Squares, Count, LogE, LogMax) == (other.Sum, other.Squares, other.Count, other.LogE, other.LogMax);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sum, Count, LogE);
}
