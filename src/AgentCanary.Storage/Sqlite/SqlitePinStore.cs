using System.Collections.Immutable;
using AgentCanary.Control;
using Dapper;

namespace AgentCanary.Storage.Sqlite;

/// <summary>Keeps pins in the same file as the rollouts. Thread-safe; no call holds its caller's thread.</summary>
internal sealed class SqlitePinStore(SqliteHandle handle) : IPinStore
{
    public async ValueTask WriteAsync(ImmutableArray<PinRow> rows, CancellationToken cancellationToken)
    {
        if (rows.IsDefaultOrEmpty) return;
        await handle.WriteAsync(
            connection => connection.Execute(
                """
                INSERT INTO pins (agent, key, version, expires_at, began, is_head) VALUES (@Agent, @Key, @Version, @ExpiresAt, @Began, @IsHead)
                ON CONFLICT (agent, key) DO UPDATE SET
                    version = excluded.version, expires_at = excluded.expires_at, began = excluded.began, is_head = excluded.is_head
                """,
                rows.Select(PinRecord.Of)),
            cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask<ImmutableArray<PinRow>> ReadAsync(string agent, uint now, int limit, CancellationToken cancellationToken) => await handle.ReadAsync(
        connection => connection.Query<PinRecord>(
            """
            SELECT agent, key, version, expires_at AS expiresAt, began, is_head AS isHead FROM pins
            WHERE agent = @agent AND expires_at > @now ORDER BY expires_at DESC LIMIT @limit
            """,
            new { agent, now = (long)now, limit }).Select(record => record.ToRow()).ToImmutableArray(),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask ForgetAsync(string agent, uint version, CancellationToken cancellationToken) => await handle.WriteAsync(
        connection => connection.Execute("DELETE FROM pins WHERE agent = @agent AND version = @version", new { agent, version = (long)version }),
        cancellationToken).ConfigureAwait(false);

    public async ValueTask TrimAsync(uint now, int most, CancellationToken cancellationToken) => await handle.WriteAsync(
        connection => connection.Execute(
            """
            DELETE FROM pins WHERE expires_at <= @now;
            DELETE FROM pins WHERE (agent, key) IN (
                SELECT agent, key FROM (SELECT agent, key, row_number() OVER (PARTITION BY agent ORDER BY expires_at DESC) AS place FROM pins) WHERE place > @most);
            """,
            new { now = (long)now, most }),
        cancellationToken).ConfigureAwait(false);
}
