using AgentCanary.Control;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Sqlite;

/// <summary>The database file of a data directory, and how it is opened: checked before it is believed.</summary>
internal sealed class SqliteFile(string directory, SqliteSchema schema)
{
    private const string Settings = """
        PRAGMA busy_timeout = 5000;
        PRAGMA trusted_schema = OFF;
        PRAGMA foreign_keys = ON;
        PRAGMA cell_size_check = ON;
        PRAGMA temp_store = MEMORY;
        """;

    public string Path { get; } = System.IO.Path.Combine(directory, "agentcanary.db");

    // Without pooling a closed handle is closed.
    public static string ConnectionString(string path) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString();

    /// <summary>Opens the file, made where it is missing, brings its schema up to date and checks all that is in it.</summary>
    /// <exception cref="StoreUnavailableException">The file is damaged, not ours or too new, or the disk fails.</exception>
    public SqliteConnection Open() => Opened(isAgain: false);

    /// <summary>Opens the file again after its handle was given up. It must be there: an empty one in its place would forget every rollout.</summary>
    /// <exception cref="StoreUnavailableException">As for <see cref="Open"/>, or the file is gone.</exception>
    public SqliteConnection Reopen()
    {
        CheckPresent();
        return Opened(isAgain: true);
    }

    /// <summary>Refuses to go on with a file that was removed: SQLite would write into it, and nobody would ever read it.</summary>
    /// <exception cref="StoreUnavailableException">The file is gone.</exception>
    public void CheckPresent()
    {
        if (File.Exists(Path)) return;
        throw new StoreUnavailableException(
            $"'{Path}' was removed while the server ran: put it back from a backup, or start the server anew without it.");
    }

    private SqliteConnection Opened(bool isAgain)
    {
        var connection = new SqliteConnection(ConnectionString(Path));
        try
        {
            PrivateFiles.Open(Path, FileShare.ReadWrite).Dispose();
            connection.Open();
            Prepare(connection, isAgain);
            return connection;
        }
        catch (Exception exception)
        {
            connection.Dispose();
            throw exception switch
            {
                SqliteException fault => SqliteFaults.Explain(Path, fault),
                IOException or UnauthorizedAccessException => new StoreUnavailableException($"'{Path}' cannot be opened: {exception.Message}", exception),
                _ => exception,
            };
        }
    }

    private void Prepare(SqliteConnection connection, bool isAgain)
    {
        connection.Execute(Settings);
        schema.CheckOrigin(connection, Path);
        if (connection.ExecuteScalar<string>("PRAGMA journal_mode = WAL") is not "wal")
            throw new StoreUnavailableException($"The disk of '{Path}' cannot hold a write-ahead log: name a directory on a local disk with --data-dir.");
        connection.Execute("PRAGMA synchronous = FULL");
        // Moves the log into the file with a true fsync of its own: what a failed fsync may have left in memory alone is on the disk before it is
        // believed.
        var isBusy = connection.ExecuteScalar<long>("PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        if (isBusy && isAgain) throw new StoreUnavailableException($"Another program reads '{Path}', which has to be opened anew: close it.");
        if (connection.ExecuteScalar<string>("PRAGMA integrity_check(1)") is not "ok" and var fault)
            throw new StoreUnavailableException(SqliteFaults.Damaged(Path, $"{fault}."));
        schema.Migrate(connection, Path);
        if (StoredRollouts.FindDamage(connection) is { } damage) throw new StoreUnavailableException(SqliteFaults.Damaged(Path, damage));
    }
}
