using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>All that a <see cref="RateTest"/> remembers. Immutable; equal ticks give equal bits.</summary>
public sealed record RateState
{
    /// <summary>Gets ln of the capital of each alternative.</summary>
    public required ImmutableArray<double> Components { get; init; }

    /// <summary>Gets the decayed number of bad stable requests.</summary>
    public double StableBad { get; init; }

    /// <summary>Gets the decayed number of stable requests.</summary>
    public double StableCount { get; init; }

    /// <summary>Gets the canary requests of all closed blocks.</summary>
    public long CanaryCount { get; init; }

    /// <summary>Gets how many injections of capital were made.</summary>
    public int Restarts { get; init; }

    /// <summary>Gets ln E.</summary>
    public double LogE { get; init; }

    /// <summary>Gets the largest ln E after any block so far: the always-valid p-value is e to its negative.</summary>
    public double LogMax { get; init; } = double.NegativeInfinity;

    /// <inheritdoc/>
    public bool Equals(RateState? other) => other is not null && Components.AsSpan().SequenceEqual(other.Components.AsSpan())
        && (StableBad, StableCount, CanaryCount, Restarts, LogE, LogMax) == (other.StableBad, other.StableCount, other.CanaryCount, other.Restarts, other.LogE, other.LogMax);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StableBad, StableCount, CanaryCount, LogE);
}
