namespace AgentCanary.Analysis.Sequential;

/// <summary>All that a <see cref="ScoreTest"/> remembers. Immutable.</summary>
public sealed record ScoreState : TestState
{
    /// <summary>Gets the sum of earlier stable scores; of the canary's where the bound is absolute.</summary>
    public double Sum { get; init; }

    /// <summary>Gets the sum of their squares.</summary>
    public double Squares { get; init; }

    /// <summary>Gets their number.</summary>
    public long Count { get; init; }

    /// <inheritdoc/>
    internal override TestState Forget() => this with { Sum = 0, Squares = 0, Count = 0 };

    /// <inheritdoc/>
    public bool Equals(ScoreState? other) => other is not null && HasSame(other) && (Sum, Squares, Count) == (other.Sum, other.Squares, other.Count);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Sum, Count, LogE);
}
