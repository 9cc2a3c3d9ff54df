using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What every sequential test remembers. Immutable; equal ticks give equal bits.</summary>
public abstract record TestState
{
    /// <summary>Gets ln of the capital of each alternative.</summary>
    public required ImmutableArray<double> Components { get; init; }

    /// <summary>Gets the canary requests of all closed blocks.</summary>
    public long CanaryCount { get; init; }

    /// <summary>Gets how many injections of capital were made.</summary>
    public int Restarts { get; init; }

    /// <summary>Gets ln E.</summary>
    public double LogE { get; init; }

    /// <summary>Gets the largest ln E after any block so far: the always-valid p-value is e to its negative.</summary>
    public double LogMax { get; init; } = double.NegativeInfinity;

    /// <summary>Forgets what stable was like, and keeps the evidence.</summary>
    internal abstract TestState Forget();

    private protected bool HasSame(TestState other) => Components.AsSpan().SequenceEqual(other.Components.AsSpan())
        && (CanaryCount, Restarts, LogE, LogMax) == (other.CanaryCount, other.Restarts, other.LogE, other.LogMax);
}
