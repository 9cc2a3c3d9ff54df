using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Server.Controller;

/// <summary>The rollouts of this process as its edges see them: read them, ask something of them, follow them. Implementations are thread-safe.</summary>
public interface IRollouts
{
    /// <summary>Gets every rollout as it stands, in the order of the agents' names.</summary>
    ImmutableArray<RolloutSnapshot> Snapshots { get; }

    /// <summary>Finds an agent's rollout as it stands, or null.</summary>
    RolloutSnapshot? Find(string agent);

    /// <summary>Does what a person asks, if the phase and the revision allow it.</summary>
    ValueTask<CommandResult> CommandAsync(string agent, RolloutCommand command, CancellationToken cancellationToken);

    /// <summary>Starts a rollout, goes on with a known one, or supersedes it where <paramref name="supersede"/> says so.</summary>
    ValueTask<CommandResult> ApplyAsync(RolloutSpec spec, bool supersede, string actor, CancellationToken cancellationToken);

    /// <summary>Follows what happens: snapshots about once a second and at every change, events as they are written. Slow readers lose the oldest.</summary>
    IAsyncEnumerable<RolloutNews> FollowAsync(CancellationToken cancellationToken);
}
