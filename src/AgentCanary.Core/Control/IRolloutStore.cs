using System.Collections.Immutable;

namespace AgentCanary.Control;

/// <summary>
/// Keeps rollouts, their events and their evidence. Implementations are thread-safe, linearisable for one agent, and durable when a write returns
/// (the in-memory one for as long as its process lives). They never change what they are given, but for the hashes of an event. Evidence is kept for the
/// present attempt of a rollout alone: the write that begins a new attempt removes the old one's, and rows of other attempts are left out when they come late.
/// </summary>
public interface IRolloutStore
{
    /// <summary>Reads the newest state of every rollout, in the order of the agents' names.</summary>
    ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Finds the newest state of an agent's rollout, or null.</summary>
    ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken);

    /// <summary>Writes a state, its event and, where given, its evidence in one transaction, if the stored revision is the one before it (none for revision 1).</summary>
    /// <returns>The event with its hashes, as <see cref="EventChain"/> makes them.</returns>
    /// <exception cref="ArgumentException">State, event and evidence are not of one agent, or state and event not of one revision.</exception>
    /// <exception cref="RolloutConflictException">Another writer came first; nothing was written.</exception>
    /// <exception cref="StoreUnavailableException">
    /// The store could not keep it, for example because the disk is full; it acknowledges nothing, and the next read tells what is kept.
    /// </exception>
    ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken);

    /// <summary>Reads an agent's events in the order of their revisions.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="afterRevision">Only later ones; 0 for all.</param>
    /// <param name="limit">At most so many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken);

    /// <summary>Overwrites evidence rows, all in one transaction.</summary>
    /// <exception cref="StoreUnavailableException">The store could not keep them; none was written.</exception>
    ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken);

    /// <summary>Finds the evidence of an attempt, or null.</summary>
    ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken);

    /// <summary>Walks an agent's hash chain, as <see cref="EventChain.FindBreak"/> does.</summary>
    /// <returns>The revision of the first event that was changed, removed or reordered, or null where the chain is whole.</returns>
    ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken);
}
