using System.Collections.Immutable;
using System.Text;
using AgentCanary.Control;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Sqlite;

/// <summary>
/// Keeps rollouts in one SQLite file, <c>agentcanary.db</c>, readable by its owner alone. A write that returns is on the disk (write-ahead log,
/// <c>synchronous=FULL</c>). One process at a time has a data directory. The file is checked whole when it is opened, and opened anew after a fault of the disk.
/// Thread-safe; no call holds its caller's thread.
/// </summary>
public sealed class SqliteRolloutStore : IRolloutStore, IAsyncDisposable, IDisposable
{
    private readonly SqliteHandle _handle;

    private SqliteRolloutStore(SqliteHandle handle) => (_handle, Pins, Reports) = (handle, new SqlitePinStore(handle), new SqliteReportStore(handle));

    /// <summary>Gets the pins that are kept in the same file, for as long as this store is open.</summary>
    public IPinStore Pins { get; }

    /// <summary>Gets the reports that are kept in the same file, for as long as this store is open.</summary>
    public IReportStore Reports { get; }

    /// <summary>Opens the store of a data directory, both made where they are missing; an older file is brought up to date after a copy was put beside it.</summary>
    /// <param name="dataDirectory">The directory; made with mode 0700.</param>
    /// <param name="cancellationToken">Gives up before the work begins.</param>
    /// <exception cref="StoreUnavailableException">
    /// The directory is in use by another process or cannot be written, or the file is damaged, not ours, or of a newer version.
    /// </exception>
    public static Task<SqliteRolloutStore> OpenAsync(string dataDirectory, CancellationToken cancellationToken = default) =>
        OpenAsync(dataDirectory, SqliteSchema.Current, cancellationToken);

    internal static Task<SqliteRolloutStore> OpenAsync(string dataDirectory, SqliteSchema schema, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(dataDirectory);
        SQLitePCL.Batteries_V2.Init();
        return Task.Run(() => new SqliteRolloutStore(SqliteHandle.Open(Path.GetFullPath(dataDirectory), schema)), cancellationToken);
    }

    /// <summary>Reads a setting of the connection that is in use.</summary>
    internal Task<long> PragmaAsync(string name) =>
        _handle.ReadAsync(connection => connection.ExecuteScalar<long>($"PRAGMA {name}"), CancellationToken.None);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<RolloutState>> ReadAllAsync(CancellationToken cancellationToken) => await _handle.ReadAsync(
        static connection => connection.Query<string>("SELECT state FROM rollouts ORDER BY agent").Select(ReadState).ToImmutableArray(),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<RolloutState?> FindAsync(string agent, CancellationToken cancellationToken) => await _handle.ReadAsync(
        connection => connection.QuerySingleOrDefault<string>("SELECT state FROM rollouts WHERE agent = @agent", new { agent }) is { } state
            ? ReadState(state) : null,
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<RolloutEvent> WriteAsync(RolloutState next, RolloutEvent @event, EvidenceRow? evidence, CancellationToken cancellationToken)
    {
        StoreTerms.CheckWrite(next, @event, evidence);
        var state = RolloutJson.Write(next);
        return await _handle.WriteAsync(
            connection =>
            {
                Replace(connection, next, state);
                var linked = Append(connection, @event, state);
                connection.Execute("DELETE FROM evidence WHERE agent = @Agent AND attempt <> @Attempt", new { next.Agent, next.Attempt });
                if (evidence is not null) Keep(connection, evidence);
                return linked;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<RolloutEvent>> ReadEventsAsync(string agent, long afterRevision, int limit, CancellationToken cancellationToken)
    {
        StoreTerms.CheckLimit(limit);
        return await _handle.ReadAsync(
            connection => connection.Query<LinkRecord>(
                """
                SELECT revision, json, previous_hash AS previousHash, hash FROM events
                WHERE agent = @agent AND revision > @afterRevision ORDER BY revision LIMIT @limit
                """,
                new { agent, afterRevision, limit }).Select(row => row.ToEvent()).ToImmutableArray(),
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask WriteEvidenceAsync(ImmutableArray<EvidenceRow> rows, CancellationToken cancellationToken)
    {
        if (rows.IsDefaultOrEmpty) return;
        await _handle.WriteAsync(
            connection =>
            {
                foreach (var row in rows) Keep(connection, row);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<EvidenceRow?> FindEvidenceAsync(string agent, int attempt, CancellationToken cancellationToken) => await _handle.ReadAsync(
        connection => connection.QuerySingleOrDefault<EvidenceRecord>(
            "SELECT agent, attempt, bytes, digest FROM evidence WHERE agent = @agent AND attempt = @attempt", new { agent, attempt })?.ToRow(),
        cancellationToken).ConfigureAwait(false);

    /// <inheritdoc/>
    public async ValueTask<long?> VerifyAsync(string agent, CancellationToken cancellationToken) =>
        await _handle.ReadAsync(connection => StoredRollouts.FindBreak(connection, agent), cancellationToken).ConfigureAwait(false);

    /// <summary>Finishes the work that has begun, closes the file and frees the directory.</summary>
    public void Dispose() => _handle.Dispose();

    /// <summary>Finishes the work that has begun, closes the file and frees the directory.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(Dispose).ConfigureAwait(false);

    private static RolloutState ReadState(string json) => RolloutJson.ReadState(Encoding.UTF8.GetBytes(json));

    // The condition stands in the statement itself, so that no read before it can be stale.
    private static void Replace(SqliteConnection connection, RolloutState next, byte[] state)
    {
        var expected = next.Revision - 1;
        var written = connection.Execute(
            expected == 0
                ? "INSERT INTO rollouts (agent, revision, attempt, state) VALUES (@Agent, @Revision, @Attempt, @State) ON CONFLICT (agent) DO NOTHING"
                : "UPDATE rollouts SET revision = @Revision, attempt = @Attempt, state = @State WHERE agent = @Agent AND revision = @expected",
            new { next.Agent, next.Revision, next.Attempt, State = Encoding.UTF8.GetString(state), expected });
        if (written == 1) return;
        var actual = connection.ExecuteScalar<long?>("SELECT revision FROM rollouts WHERE agent = @Agent", new { next.Agent });
        throw new RolloutConflictException(next.Agent, expected, actual ?? 0);
    }

    private static RolloutEvent Append(SqliteConnection connection, RolloutEvent @event, byte[] state)
    {
        var previous = connection.QuerySingleOrDefault<string>(
            "SELECT hash FROM events WHERE agent = @Agent AND revision = @Previous", new { @event.Agent, Previous = @event.Revision - 1 }) ?? EventChain.Start;
        var (linked, json) = EventChain.Link(previous, @event, state);
        connection.Execute(
            "INSERT INTO events (agent, revision, json, previous_hash, hash) VALUES (@Agent, @Revision, @Json, @previous, @Hash)",
            new { linked.Agent, linked.Revision, Json = Encoding.UTF8.GetString(json), previous, linked.Hash });
        return linked;
    }

    // Only the present attempt's: late evidence of an earlier one must not come back.
    private static void Keep(SqliteConnection connection, EvidenceRow row)
    {
        var bytes = row.Bytes.ToArray();
        connection.Execute(
            """
            INSERT INTO evidence (agent, attempt, bytes, digest)
            SELECT agent, attempt, @bytes, @Digest FROM rollouts WHERE agent = @Agent AND attempt = @Attempt
            ON CONFLICT (agent, attempt) DO UPDATE SET bytes = excluded.bytes, digest = excluded.digest
            """,
            new { row.Agent, row.Attempt, bytes, Digest = StoredRollouts.DigestOf(row.Agent, row.Attempt, bytes) });
    }
}
