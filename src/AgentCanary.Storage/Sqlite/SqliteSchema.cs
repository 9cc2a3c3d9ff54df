using System.Collections.Immutable;
using System.Globalization;
using AgentCanary.Control;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Sqlite;

/// <summary>The tables, as steps from each version to the next. A step that was ever released is never changed.</summary>
/// <param name="steps">The statements of each step; step 0 makes version 1.</param>
internal sealed class SqliteSchema(ImmutableArray<string> steps)
{
    // "AGCA": tells our files from those of other programs.
    private const int ApplicationId = 0x41474341;

    private const int SmallestPage = 512;

    public static SqliteSchema Current { get; } = new(
    [
        """
        CREATE TABLE rollouts (
            agent TEXT NOT NULL PRIMARY KEY,
            revision INTEGER NOT NULL CHECK (revision > 0),
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            state TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE events (
            agent TEXT NOT NULL REFERENCES rollouts (agent),
            revision INTEGER NOT NULL CHECK (revision > 0),
            json TEXT NOT NULL,
            previous_hash TEXT NOT NULL,
            hash TEXT NOT NULL,
            PRIMARY KEY (agent, revision)
        ) WITHOUT ROWID;
        CREATE TABLE evidence (
            agent TEXT NOT NULL REFERENCES rollouts (agent),
            attempt INTEGER NOT NULL CHECK (attempt > 0),
            bytes BLOB NOT NULL,
            digest TEXT NOT NULL,
            PRIMARY KEY (agent, attempt)
        );
        """,
        """
        CREATE TABLE pins (
            agent TEXT NOT NULL,
            key INTEGER NOT NULL,
            version INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            began INTEGER NOT NULL,
            is_head INTEGER NOT NULL,
            PRIMARY KEY (agent, key)
        ) WITHOUT ROWID;
        CREATE INDEX pins_by_expiry ON pins (agent, expires_at);
        """,
        """
        CREATE TABLE reports (
            id INTEGER NOT NULL PRIMARY KEY,
            at INTEGER NOT NULL,
            parked BLOB
        );
        CREATE INDEX reports_by_time ON reports (at);
        """,
    ]);

    private int Version => steps.Length;

    /// <summary>Makes the schema that follows this one by a further step.</summary>
    public SqliteSchema With(string step) => new(steps.Add(step));

    /// <summary>Refuses a file that is not ours, or of a later version; changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">The file is refused.</exception>
    public void CheckOrigin(SqliteConnection connection, string path)
    {
        var version = VersionOf(connection);
        if (version > Version)
        {
            throw new StoreUnavailableException(
                $"'{path}' has schema {version}, and this version of AgentCanary knows up to {Version}: run the newer version, or restore the backup that it made.");
        }
        var isOurs = connection.ExecuteScalar<long>("PRAGMA application_id") == ApplicationId;
        var isEmpty = connection.ExecuteScalar<long>("SELECT count(*) FROM sqlite_master") == 0;
        // SQLite takes a stump for an empty database, and would begin anew.
        if (new FileInfo(path).Length is > 0 and < SmallestPage) throw new StoreUnavailableException(SqliteFaults.Damaged(path, "it was cut short."));
        if (isOurs ? version == 0 : version != 0 || !isEmpty)
            throw new StoreUnavailableException($"'{path}' is not a store of AgentCanary's: move it away, or name another directory with --data-dir.");
    }

    /// <summary>Brings the file to this version in one transaction, after a copy of it was put aside.</summary>
    public void Migrate(SqliteConnection connection, string path)
    {
        var from = VersionOf(connection);
        if (from == Version) return;
        if (from > 0) BackUp(connection, $"{path}.v{from}.backup");
        connection.InTransaction(() =>
        {
            foreach (var step in steps.Skip(from)) connection.Execute(step);
            // Pragmas take no parameters; both are our own numbers.
            connection.Execute(
                string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};"));
            return true;
        });
    }

    private static int VersionOf(SqliteConnection connection) => (int)connection.ExecuteScalar<long>("PRAGMA user_version");

    // Under another name first, so that a backup is whole or not there.
    private static void BackUp(SqliteConnection connection, string path)
    {
        var unfinished = path + ".part";
        File.Delete(unfinished);
        PrivateFiles.Open(unfinished, FileShare.ReadWrite).Dispose();
        using (var copy = new SqliteConnection(SqliteFile.ConnectionString(unfinished)))
        {
            copy.Open();
            connection.BackupDatabase(copy);
        }
        File.Move(unfinished, path, overwrite: true);
    }
}
