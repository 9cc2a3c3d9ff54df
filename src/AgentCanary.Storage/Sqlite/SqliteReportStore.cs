using System.Collections.Immutable;
using AgentCanary.Control;
using Dapper;

namespace AgentCanary.Storage.Sqlite;

/// <summary>Keeps reports in the same file as the rollouts. Thread-safe; no call holds its caller's thread.</summary>
internal sealed class SqliteReportStore(SqliteHandle handle) : IReportStore
{
    public async ValueTask WriteAsync(ImmutableArray<ReportRow> rows, CancellationToken cancellationToken)
    {
        if (rows.IsDefaultOrEmpty) return;
        await handle.WriteAsync(
            connection => connection.Execute(
                "INSERT INTO reports (id, at, parked) VALUES (@Id, @At, @Parked) ON CONFLICT (id) DO UPDATE SET at = excluded.at, parked = excluded.parked",
                rows.Select(ReportRecord.Of)),
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ImmutableArray<ReportRow>> ReadAsync(int limit, CancellationToken cancellationToken) => await handle.ReadAsync(
        connection => connection.Query<ReportRecord>("SELECT id, at, parked FROM (SELECT id, at, parked FROM reports ORDER BY at DESC LIMIT @limit) ORDER BY at", new { limit })
            .Select(record => record.ToRow()).ToImmutableArray(),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask TrimAsync(uint before, int most, CancellationToken cancellationToken) => await handle.WriteAsync(
        connection => connection.Execute(
            """
            DELETE FROM reports WHERE at < @before;
            DELETE FROM reports WHERE id IN (SELECT id FROM reports ORDER BY at DESC LIMIT -1 OFFSET @most);
            """,
            new { before = (long)before, most }),
        cancellationToken).ConfigureAwait(false);
}
