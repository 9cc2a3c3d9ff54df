namespace AgentCanary.Planning;

/// <summary>What it takes for a check to hold when both versions are equal. Immutable and thread-safe.</summary>
public sealed record CheckOutlook
{
    /// <summary>Gets the check.</summary>
    public required Check Check { get; init; }

    /// <summary>Gets what the stage is left on, in words, or why the check keeps nobody.</summary>
    public required string Shows { get; init; }

    /// <summary>Gets whether the stage waits for the check.</summary>
    public required bool IsGating { get; init; }

    /// <summary>Gets the canary requests that the proof takes, those of earlier stages included; infinite where no number is enough, not a number where the baseline does not tell.</summary>
    public required Spread Samples { get; init; }

    /// <summary>Gets the canary requests of the stage that it takes: fewer than <see cref="Samples"/> where earlier stages brought evidence.</summary>
    public required Spread SamplesInStage { get; init; }

    /// <summary>Gets the time in the stage that it takes, in seconds.</summary>
    public required Spread Seconds { get; init; }

    /// <summary>Gets whether nine in ten rollouts have the verdict before the stage's deadline; without a deadline, whether they have it at all.</summary>
    public required bool DecidesInTime { get; init; }
}
