using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Server.Api;

/// <summary>A rollout as JSON: what <c>GET /api/v1/rollouts/{agent}</c>, the stream's <c>state</c> events and <c>status --json</c> show.</summary>
public sealed record RolloutView
{
    /// <summary>Gets the agent's name.</summary>
    public required string Agent { get; init; }

    /// <summary>Gets <c>Pending</c>, <c>Progressing</c>, <c>Paused</c>, <c>Completed</c> or <c>RolledBack</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Gets why a paused rollout waits: <c>person</c>, <c>approval</c>, <c>deadline</c>, <c>failed_check</c> or <c>health</c>; null while it is not paused.</summary>
    public string? PausedFor { get; init; }

    /// <summary>Gets the present stage.</summary>
    public required StageView Stage { get; init; }

    /// <summary>Gets how many stages there are.</summary>
    public required int Stages { get; init; }

    /// <summary>Gets the canary's share as it is served now, in basis points. It differs from the stage's once the rollout has ended.</summary>
    public required int WeightBp { get; init; }

    /// <summary>Gets the attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Gets the revision, from 1.</summary>
    public required long Revision { get; init; }

    /// <summary>Gets the version that was there before.</summary>
    public required VersionView Stable { get; init; }

    /// <summary>Gets the version that is rolled out.</summary>
    public required VersionView Canary { get; init; }

    /// <summary>Gets what was decided last: <c>Hold</c>, <c>Promote</c>, <c>Complete</c> or <c>RollBack</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Gets why.</summary>
    public required string Reason { get; init; }

    /// <summary>Gets the whole seconds until a verdict at the present rate, or null where it cannot be told or the rollout does not move.</summary>
    public long? EtaSeconds { get; init; }

    /// <summary>Gets whether the state is written to the store.</summary>
    public required bool Durable { get; init; }

    /// <summary>Gets every check of the stage with its numbers.</summary>
    public ImmutableArray<CheckView> Checks { get; init; } = [];

    /// <summary>Gets the two sides of the comparison.</summary>
    public required ArmsView Arms { get; init; }

    /// <summary>Gets how many conversations belong to a version.</summary>
    public PinnedView Pinned { get; init; } = new(0, 0);

    /// <summary>Gets how the shadow stands, or null where none was offered anything since the server started.</summary>
    public ShadowView? Shadow { get; init; }

    /// <summary>Gets the models that came to a version in the midst of the attempt, and were told as events.</summary>
    public ImmutableArray<ModelChange> ModelChanges { get; init; } = [];

    /// <summary>Gets until when conversations on the canary may finish after a rollback, UTC; null unless they drain.</summary>
    public DateTime? DrainUntil { get; init; }

    /// <summary>Gets how many outcomes were refused, because a figure was impossible or the version unknown.</summary>
    public long Refused { get; init; }

    /// <summary>Gets what the rollout file may not do as it was meant; none of most files.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Maps a snapshot.</summary>
    public static RolloutView Of(RolloutSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var state = snapshot.State;
        return new()
        {
            Agent = state.Agent,
            Phase = state.Phase.ToString(),
            PausedFor = NameOf(state.Pause),
            Stage = StageView.Of(state),
            Stages = state.Spec.Stages.Length,
            WeightBp = state.Weight.BasisPoints,
            Attempt = state.Attempt,
            Revision = state.Revision,
            Stable = new(state.Spec.Stable.Version),
            Canary = new(state.Spec.Canary.Version),
            Decision = state.Phase switch { AgentCanary.Phase.Completed => "Complete", AgentCanary.Phase.RolledBack => "RollBack", _ => snapshot.Decision.Name },
            // An ended rollout says why it ended, not that there is nothing left to decide.
            Reason = state.IsTerminal && state.Reason.Length > 0 ? state.Reason : snapshot.Decision.Reason,
            EtaSeconds = state.Phase is AgentCanary.Phase.Progressing && snapshot.Analysis.Eta is { } eta ? (long)Math.Ceiling(eta.TotalSeconds) : null,
            Durable = snapshot.IsDurable,
            Checks = [.. snapshot.Analysis.Checks.Select(CheckView.Of)],
            Arms = new(ArmView.Of(snapshot.Canary), ArmView.Of(snapshot.Control)),
            ModelChanges = state.ModelChanges,
            DrainUntil = state.DrainUntil?.UtcDateTime,
            Pinned = new(snapshot.Pinned.Canary, snapshot.Pinned.Stable),
            Shadow = snapshot.Shadow is { } shadow ? ShadowView.Of(shadow) : null,
            Refused = snapshot.Refused,
            Warnings = SpecWarnings.Of(state.Spec),
        };
    }

    private static string? NameOf(PauseReason reason) => reason switch
    {
        PauseReason.Person => "person",
        PauseReason.Approval => "approval",
        PauseReason.Deadline => "deadline",
        PauseReason.FailedCheck => "failed_check",
        PauseReason.Health => "health",
        _ => null,
    };
}
