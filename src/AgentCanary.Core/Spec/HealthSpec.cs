using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>How a version is probed.</summary>
public sealed record HealthSpec
{
    /// <summary>Gets the path of an HTTP probe, or null for a TCP connect.</summary>
    public string? Path { get; init; }

    /// <summary>Gets the program and arguments of an exec probe; empty for none.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Gets the time between probes: 5 s unless set, 100 ms to 10 min.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Gets after how many failed probes in a row the version is unhealthy: 3 unless set, 1 to 100.</summary>
    public int UnhealthyAfter { get; init; } = 3;

    /// <summary>Gets what an unhealthy canary does.</summary>
    public OnUnhealthy OnUnhealthy { get; init; }

    /// <summary>Gets after how long an unhealthy canary is rolled back: 60 s unless set.</summary>
    public TimeSpan RollbackAfter { get; init; } = TimeSpan.FromSeconds(60);
}
