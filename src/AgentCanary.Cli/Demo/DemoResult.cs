using System.Collections.Immutable;
using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Demo;

/// <summary>All that a finished demo knows.</summary>
internal sealed record DemoResult
{
    public required DemoOptions Options { get; init; }

    /// <summary>Gets the rollout as it stood at the end.</summary>
    public required RolloutView Rollout { get; init; }

    /// <summary>Gets what was decided, oldest first.</summary>
    public required ImmutableArray<EventView> Events { get; init; }

    /// <summary>Gets what the users saw.</summary>
    public required CrowdFigures Users { get; init; }

    /// <summary>Gets when the users began.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Gets how long the users were there.</summary>
    public required TimeSpan Lasted { get; init; }

    /// <summary>Gets the rollout file.</summary>
    public required string Terms { get; init; }

    public required Uri Data { get; init; }

    public required Uri Admin { get; init; }

    public double RequestsPerSecond => Users.Requests / Lasted.TotalSeconds;

    /// <summary>
    /// Gets the time from the first withheld answer of the new version to the rollback, or null without both.
    /// A rollback may come before its user has read the answer to the end; then it is zero.
    /// </summary>
    public TimeSpan? Reaction => Users.FirstWithheld is { } seen && Events.LastOrDefault(e => e.Type == "rolled_back") is { } rollback
        ? TimeSpan.FromTicks(Math.Max(0, (rollback.At - seen.UtcDateTime).Ticks))
        : null;
}
