using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>What makes a rollout end in time, and what its traffic can show in that time. Immutable and thread-safe.</summary>
public sealed record Fitting
{
    /// <summary>Gets the time.</summary>
    public required TimeSpan Budget { get; init; }

    /// <summary>Gets whether nine in ten rollouts end in time as the file is written.</summary>
    public required bool FitsAsWritten { get; init; }

    /// <summary>Gets the changes that fit, the smallest first; none where nothing fits, or nothing needs to.</summary>
    public ImmutableArray<Fit> Fits { get; init; } = [];

    /// <summary>Gets what stands in the way where nothing fits; null otherwise.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Gets what can be known in the time, a sentence each; empty where the rollout fits as written.</summary>
    public ImmutableArray<string> Known { get; init; } = [];
}
