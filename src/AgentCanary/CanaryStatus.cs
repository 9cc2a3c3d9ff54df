using System.Collections.Immutable;
using AgentCanary.Analysis;

namespace AgentCanary;

/// <summary>A deployment as it stands now. It reads the same plan as the router, so the two never disagree. Immutable and thread-safe.</summary>
public sealed record CanaryStatus
{
    /// <summary>Gets the version that was there before.</summary>
    public required string StableVersion { get; init; }

    /// <summary>Gets the version that is rolled out.</summary>
    public required string CanaryVersion { get; init; }

    /// <summary>Gets the phase.</summary>
    public required Phase Phase { get; init; }

    /// <summary>Gets why it waits; <see cref="PauseReason.None"/> unless it is paused.</summary>
    public PauseReason Pause { get; init; }

    /// <summary>Gets the stage, from 0.</summary>
    public required int StageIndex { get; init; }

    /// <summary>Gets how many stages there are.</summary>
    public required int Stages { get; init; }

    /// <summary>Gets the canary's share as it is served now.</summary>
    public required Weight Weight { get; init; }

    /// <summary>Gets the attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets how long the stage has run, without pauses.</summary>
    public required TimeSpan TimeInStage { get; init; }

    /// <summary>Gets stable's figures of this stage.</summary>
    public required ArmStatus Stable { get; init; }

    /// <summary>Gets the canary's figures of this stage.</summary>
    public required ArmStatus Canary { get; init; }

    /// <summary>Gets the checks as they were judged last; empty before the first <see cref="CanaryDeployment.Decide"/>.</summary>
    public ImmutableArray<CheckResult> Checks { get; init; } = [];

    /// <summary>Gets the sentence for the last change, or for the last decision to hold.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets how many outcomes were refused: an unknown version, a negative or non-finite figure.</summary>
    public required long Refused { get; init; }
}
