namespace AgentCanary.Planning;

/// <summary>What a canary that fails too often would cost until it is rolled back. Immutable and thread-safe.</summary>
public sealed record BadCanaryOutlook
{
    /// <summary>Gets the share of its requests that fail.</summary>
    public required double ErrorRate { get; init; }

    /// <summary>Gets the canary requests until the rollback; infinite where no check can tell it from stable.</summary>
    public required Spread Requests { get; init; }

    /// <summary>Gets the time until the rollback, in seconds.</summary>
    public required Spread Seconds { get; init; }

    /// <summary>Gets the failed requests until the rollback: the canary requests times the rate.</summary>
    public required Spread Failed { get; init; }

    /// <summary>Gets whether the stage may be left first, because such a canary is inside the margin of its promotion.</summary>
    public required bool IsInsideMargin { get; init; }
}
