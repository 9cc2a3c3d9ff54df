using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Tests.Hosting;

/// <summary>An in-memory store that a test makes fail, wait, or be overtaken.</summary>
internal sealed class BrittleStore : IRolloutStore
{
    /// <summary>What happens before anything is kept; it may throw.</summary>
    public Action OnKeep { get; set; } = () => { };

    /// <summary>What a write of a state waits for.</summary>
    public Func<RolloutState, Task> OnWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>What happens after a state was kept, and before its writer knows; it may throw.</summary>
    public Action OnKept { get; set; } = () => { };

    /// <summary>What a read meets; it may throw.</summary>
    public Action OnFind { get; set; } = () => { };

    /// <summary>The store behind, which never fails.</summary>
    public InMemoryStore Inner { get; } = new();

    public static void Fail() => throw new StoreUnavailableException("the disk is full: free some space");

    public ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) => Inner.ReadAllAsync(cancellationToken);

    public ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken)
    {
        OnFind();
        return Inner.FindAsync(agent, cancellationToken);
    }

    public async ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken)
    {
        OnKeep();
        await OnWrite(next);
        var written = await Inner.WriteAsync(next, @event, evidence, cancellationToken);
        OnKept();
        return written;
    }

    public ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken) =>
        Inner.ReadEventsAsync(agent, afterRevision, limit, cancellationToken);

    public ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken)
    {
        OnKeep();
        return Inner.WriteEvidenceAsync(rows, cancellationToken);
    }

    public ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) =>
        Inner.FindEvidenceAsync(agent, attempt, cancellationToken);

    public ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) => Inner.VerifyAsync(agent, cancellationToken);
}
