using AgentCanary.Control;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Sqlite;

/// <summary>What the driver's errors mean for whoever runs the server. The numbers are SQLite's primary result codes.</summary>
internal static class SqliteFaults
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Io = 10, Corrupt = 11, Full = 13, CannotOpen = 14, NotADatabase = 26;

    /// <summary>
    /// Tells whether the handle is of no more use. After a failed fsync the system may have dropped what was not on the disk, and a second fsync would
    /// succeed without it; so nothing is asked of such a handle again. A full disk or a lock leaves the handle as it was.
    /// </summary>
    public static bool EndsHandle(SqliteException exception) => exception.SqliteErrorCode is not (Full or Busy or Locked);

    public static StoreUnavailableException Explain(string path, SqliteException exception) => new(
        exception.SqliteErrorCode switch
        {
            Full => $"The disk of '{path}' is full: nothing was written. Free some space; the store goes on by itself.",
            Busy or Locked => $"Another program holds '{path}' locked: nothing was written. Close it; the store goes on by itself.",
            ReadOnly => $"'{path}' cannot be written: nothing was written. Make the file, its directory and its disk writable; the store goes on by itself.",
            Io => $"The disk of '{path}' failed ({Code(exception)}): the write is not acknowledged, and the next read tells what is kept. "
                + "Look at the disk; the store opens the file anew by itself.",
            CannotOpen => $"'{path}' cannot be opened ({Code(exception)}): make its directory and disk writable, and see that there are free file handles.",
            Corrupt or NotADatabase => Damaged(path, exception.Message),
            _ => $"'{path}' failed ({Code(exception)}: {exception.Message}): nothing was written. Look at the file and its disk.",
        }, exception);

    public static string Damaged(string path, string what) =>
        $"'{path}' is damaged: {what} Stop the server and restore the file from a backup, or move it away with its -wal and -shm files to begin anew.";

    private static string Code(SqliteException exception) => $"SQLite error {exception.SqliteExtendedErrorCode}";
}
