using System.Collections.Immutable;
using AgentCanary.Control;

namespace AgentCanary.Server.Reports;

/// <summary>
/// A store of rollouts that writes down which reports came before any evidence that rests on them: a process that is killed in between has lost evidence, and nothing counts twice. Thread-safe.
/// </summary>
internal sealed class ReportsFirst(IRolloutStore store, ReportKeeper reports) : IRolloutStore
{
    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) => store.ReadAllAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken) => store.FindAsync(agent, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken)
    {
        await reports.KeepAsync(cancellationToken);
        return await store.WriteAsync(next, @event, evidence, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken) =>
        store.ReadEventsAsync(agent, afterRevision, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken)
    {
        await reports.KeepAsync(cancellationToken);
        await store.WriteEvidenceAsync(rows, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) => store.FindEvidenceAsync(agent, attempt, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) => store.VerifyAsync(agent, cancellationToken);
}
