namespace AgentCanary.Analysis.Sequential;

/// <summary>All that a <see cref="RateTest"/> remembers. Immutable; equal ticks give equal bits.</summary>
public sealed record RateState : TestState
{
    /// <summary>Gets the decayed number of bad stable requests.</summary>
    public double StableBad { get; init; }

    /// <summary>Gets the decayed number of stable requests.</summary>
    public double StableCount { get; init; }

    /// <inheritdoc/>
    internal override TestState Forget() => this with { StableBad = 0, StableCount = 0 };

    /// <inheritdoc/>
    public bool Equals(RateState? other) => other is not null && HasSame(other) && (StableBad, StableCount) == (other.StableBad, other.StableCount);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StableBad, StableCount, CanaryCount, LogE);
}
