using System.Collections.Immutable;

namespace AgentCanary.Routing;

/// <summary>What the hot path reads: compiled once, published by one volatile write. Immutable and thread-safe.</summary>
public sealed record RoutePlan
{
    /// <summary>Gets the agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>Gets the version that was there before.</summary>
    public required string StableVersion { get; init; }

    /// <summary>Gets the version that is rolled out.</summary>
    public required string CanaryVersion { get; init; }

    /// <summary>Gets what happens where no rule of its own decides.</summary>
    public RouteMode Mode { get; init; }

    /// <summary>Gets whether the kill switch is on: stable serves everybody.</summary>
    public bool IsDisabled { get; init; }

    /// <summary>Gets whether the canary must not be used now, because it is not ready or not healthy. A forced request is the exception.</summary>
    public bool IsCanaryDown { get; init; }

    /// <summary>Gets whether conversations on the canary of a rollout that was rolled back may finish there.</summary>
    public bool IsDraining { get; init; }

    /// <summary>Gets the canary's share of the key space.</summary>
    public Weight Weight { get; init; }

    /// <summary>Gets the share of eligible requests on stable that is shown to the canary as well.</summary>
    public Weight Shadow { get; init; }

    /// <summary>Gets the salt of the attempt.</summary>
    public ulong Salt { get; init; }

    /// <summary>Gets the hash.</summary>
    public StickyHashKind Hash { get; init; }

    /// <summary>Gets the cohorts that never get the canary.</summary>
    public ImmutableArray<Cohort> Exclude { get; init; } = [];

    /// <summary>Gets the cohorts whose own stage has passed: they stay on the canary.</summary>
    public ImmutableArray<Cohort> Include { get; init; } = [];

    /// <summary>Gets the cohorts that are eligible in this stage; empty means everybody.</summary>
    public ImmutableArray<Cohort> Eligible { get; init; } = [];

    /// <summary>Gets the attempt.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Gets the stage, from 0.</summary>
    public int Stage { get; init; }

    /// <summary>Gets the revision of the state that the plan was compiled from.</summary>
    public long Revision { get; init; }
}
