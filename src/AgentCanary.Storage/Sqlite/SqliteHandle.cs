using AgentCanary.Control;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Sqlite;

/// <summary>
/// The one connection to the file. Work waits its turn without holding its caller's thread, and is done on a thread of the pool, since SQLite works
/// synchronously. A handle that an error has made doubtful is given up; the next work opens the file anew, checks and all.
/// </summary>
internal sealed class SqliteHandle : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly SqliteFile _file;
    private readonly DirectoryLock _lock;
    private SqliteConnection? _connection;
    private bool _isDisposed;

    private SqliteHandle(SqliteFile file, DirectoryLock @lock, SqliteConnection connection) =>
        (_file, _lock, _connection) = (file, @lock, connection);

    /// <exception cref="StoreUnavailableException">The directory is in use, or its file is refused.</exception>
    public static SqliteHandle Open(string directory, SqliteSchema schema)
    {
        var file = new SqliteFile(directory, schema);
        var @lock = DirectoryLock.Take(directory);
        try
        {
            return new(file, @lock, file.Open());
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Reads.</summary>
    public Task<T> ReadAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) => RunAsync(work, cancellationToken);

    /// <summary>Writes in one transaction.</summary>
    public Task<T> WriteAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken) => RunAsync(
        connection =>
        {
            _file.CheckPresent();
            return connection.InTransaction(() => work(connection));
        },
        cancellationToken);

    public void Dispose()
    {
        _turn.Wait();
        _isDisposed = true;
        _connection?.Dispose();
        _lock.Dispose();
        _turn.Release();
    }

    // Cancelling ends the wait for the turn; work that has begun is finished, so that its caller learns what became of it.
    private async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Run(work), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    private T Run<T>(Func<SqliteConnection, T> work)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, typeof(SqliteRolloutStore));
        try
        {
            return work(_connection ??= _file.Reopen());
        }
        catch (SqliteException exception)
        {
            if (SqliteFaults.EndsHandle(exception)) GiveUp();
            throw SqliteFaults.Explain(_file.Path, exception);
        }
        catch (FormatException exception)
        {
            GiveUp();
            throw new StoreUnavailableException(SqliteFaults.Damaged(_file.Path, exception.Message), exception);
        }
    }

    private void GiveUp()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
