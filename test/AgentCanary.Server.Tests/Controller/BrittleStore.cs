using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Server.Tests.Controller;

/// <summary>An in-memory store whose writes fail while a test says so.</summary>
internal sealed class BrittleStore : IRolloutStore
{
    private readonly InMemoryStore _inner = new();

    public bool IsFull { get; set; }

    public Func<string, bool> Refuses { get; set; } = _ => false;

    public int EvidenceWrites { get; private set; }

    public ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) => _inner.ReadAllAsync(cancellationToken);

    public ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken) => _inner.FindAsync(agent, cancellationToken);

    public ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken) =>
        IsFull || Refuses(next.Agent) ? throw new StoreUnavailableException("the disk is full: free some space") : _inner.WriteAsync(next, @event, evidence, cancellationToken);

    public ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken) =>
        _inner.ReadEventsAsync(agent, afterRevision, limit, cancellationToken);

    public ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken)
    {
        if (IsFull) throw new StoreUnavailableException("the disk is full: free some space");
        EvidenceWrites++;
        return _inner.WriteEvidenceAsync(rows, cancellationToken);
    }

    public ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) => _inner.FindEvidenceAsync(agent, attempt, cancellationToken);

    public ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) => _inner.VerifyAsync(agent, cancellationToken);
}
