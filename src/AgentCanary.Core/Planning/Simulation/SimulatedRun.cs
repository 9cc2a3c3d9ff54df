using System.Collections.Immutable;

namespace AgentCanary.Planning.Simulation;

/// <summary>How one simulated rollout went. Immutable and thread-safe.</summary>
public sealed record SimulatedRun
{
    /// <summary>Gets where it ended: <see cref="Phase.Completed"/>, <see cref="Phase.RolledBack"/>, or where it stood when the time was over.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Gets when it ended.</summary>
    public required TimeSpan Time { get; init; }

    /// <summary>Gets when each stage was entered, the first one at 0; its length tells how far it came.</summary>
    public required ImmutableArray<TimeSpan> Entered { get; init; }

    /// <summary>Gets how many requests the canary was given until the end.</summary>
    public required long CanaryRequests { get; init; }

    /// <summary>Gets how many of them failed.</summary>
    public required long CanaryFailures { get; init; }

    /// <summary>Gets how many more failed than would have on stable; below 0 where the canary is the better one.</summary>
    public required long ExtraFailures { get; init; }

    /// <summary>Gets whether the canary was worse than stable in any figure, at any time before the end.</summary>
    public required bool WasWorse { get; init; }

    /// <summary>Gets when a stage was left upwards, or null where it was not.</summary>
    public TimeSpan? LeftAt(int stage) => stage + 1 < Entered.Length ? Entered[stage + 1] : stage + 1 == Entered.Length && Phase is Phase.Completed ? Time : null;

    /// <summary>Gets whether a canary was rolled back that had not been worse than stable.</summary>
    public bool IsFalseRollback => Phase is Phase.RolledBack && !WasWorse;

    /// <summary>Gets whether a canary was completed that had been worse than stable.</summary>
    public bool IsMissed => Phase is Phase.Completed && WasWorse;
}
