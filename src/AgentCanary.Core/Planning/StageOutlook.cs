using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>What is to be expected of one stage. Immutable and thread-safe.</summary>
public sealed record StageOutlook
{
    /// <summary>Gets the stage.</summary>
    public required Stage Stage { get; init; }

    /// <summary>Gets the canary's requests a second.</summary>
    public required double CanaryPerSecond { get; init; }

    /// <summary>Gets how long the stage takes when both versions are equal; infinite where it is never left by itself.</summary>
    public required Spread Seconds { get; init; }

    /// <summary>Gets what the stage waits for last in most rollouts: <c>bake</c>, <c>min_requests</c>, <c>min_users</c>, <c>deadline</c>, a check's text, or nothing.</summary>
    public required string WaitsFor { get; init; }

    /// <summary>Gets the users that meet the canary in the median time; infinite where the stage is never left.</summary>
    public required double UsersExposed { get; init; }

    /// <summary>Gets the checks.</summary>
    public required ImmutableArray<CheckOutlook> Checks { get; init; }

    /// <summary>Gets what canaries that fail too often would cost, had they been bad from the stage's first request on.</summary>
    public ImmutableArray<BadCanaryOutlook> BadCanaries { get; init; } = [];
}
