using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>What is to be expected of a rollout before it starts. Immutable and thread-safe.</summary>
public sealed record Outlook
{
    /// <summary>Gets the rollout.</summary>
    public required RolloutSpec Spec { get; init; }

    /// <summary>Gets the traffic that was assumed.</summary>
    public required Traffic Traffic { get; init; }

    /// <summary>Gets what was assumed beside what was given, a sentence each.</summary>
    public required ImmutableArray<string> Assumptions { get; init; }

    /// <summary>Gets the stages.</summary>
    public required ImmutableArray<StageOutlook> Stages { get; init; }

    /// <summary>
    /// Gets how long an equal canary takes to the end, without the time that people take to approve; infinite where some stage is never left by itself.
    /// </summary>
    public required Spread Seconds { get; init; }

    /// <summary>Gets the canary's requests in the median rollout; a stage counts for 14 days at most.</summary>
    public double CanaryRequests => Stages.Sum(stage => Math.Min(stage.Seconds.Median, RolloutPlanner.Longest.TotalSeconds) * stage.CanaryPerSecond);

    /// <summary>Gets the probability that the fast rule takes an equal canary back in the median rollout.</summary>
    public double FastAlarm { get; init; }

    /// <summary>Gets what should be known before the start, a sentence each.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Gets what was asked to fit, and what does; null where nothing was asked and the rollout ends in time.</summary>
    public Fitting? Fitting { get; init; }
}
