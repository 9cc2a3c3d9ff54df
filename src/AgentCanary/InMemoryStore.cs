using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary;

/// <summary>Keeps rollouts for as long as the process lives: the store of the library, and of tests. Thread-safe.</summary>
public sealed class InMemoryStore : IRolloutStore
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Shelf> _shelves = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) =>
        Locked(() => _shelves.Values.Select(shelf => shelf.State).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken) =>
        Locked(() => _shelves.GetValueOrDefault(agent)?.State, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken)
    {
        StoreTerms.CheckWrite(next, @event, evidence);
        return Locked(
            () =>
            {
                var shelf = _shelves.GetValueOrDefault(next.Agent);
                var stored = shelf?.State.Revision ?? 0;
                if (stored != next.Revision - 1) throw new RolloutConflictException(next.Agent, next.Revision - 1, stored);
                var added = (shelf ?? Shelf.Empty).Add(next, @event);
                _shelves[next.Agent] = evidence is null ? added : added.Keep(evidence);
                return added.Events[^1];
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken)
    {
        StoreTerms.CheckLimit(limit);
        return Locked(
            () => _shelves.GetValueOrDefault(agent) is { } shelf
                ? shelf.Events.Where(@event => @event.Revision > afterRevision).Take(limit).ToImmutableArray()
                : [],
            cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken) =>
        await Locked(
            () =>
            {
                foreach (var row in rows)
                {
                    if (_shelves.GetValueOrDefault(row.Agent) is { } shelf) _shelves[row.Agent] = shelf.Keep(row);
                }
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) =>
        Locked(() => _shelves.GetValueOrDefault(agent)?.Evidence is { } row && row.Attempt == attempt ? row : null, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) =>
        Locked(() => _shelves.GetValueOrDefault(agent)?.FindBreak(agent), cancellationToken);

    private ValueTask<T> Locked<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellationToken);
        try
        {
            lock (_gate) return ValueTask.FromResult(work());
        }
        catch (RolloutConflictException conflict)
        {
            return ValueTask.FromException<T>(conflict);
        }
    }

    // All that is kept of one agent; a write replaces it whole, so a failed one leaves nothing behind.
    private sealed record Shelf(RolloutState State, ImmutableList<RolloutEvent> Events, EvidenceRow? Evidence)
    {
        public static Shelf Empty { get; } = new(null!, [], null);

        public Shelf Add(RolloutState next, RolloutEvent @event)
        {
            var (linked, _) = EventChain.Link(Events.IsEmpty ? EventChain.Start : Events[^1].Hash, @event, RolloutJson.Write(next));
            return new(next, Events.Add(linked), Evidence?.Attempt == next.Attempt ? Evidence : null);
        }

        // A copy, since the caller may use its buffer again.
        public Shelf Keep(EvidenceRow row) => row.Attempt == State.Attempt ? this with { Evidence = row with { Bytes = row.Bytes.ToArray() } } : this;

        public long? FindBreak(string agent) => EventChain.FindBreak(agent, Links(), State.Revision, RolloutJson.Write(State));

        private IEnumerable<EventLink> Links()
        {
            var previous = EventChain.Start;
            foreach (var @event in Events)
            {
                yield return new(@event.Revision, RolloutJson.Write(@event), previous, @event.Hash);
                previous = @event.Hash;
            }
        }
    }
}
