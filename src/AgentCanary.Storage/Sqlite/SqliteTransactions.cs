using Dapper;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace AgentCanary.Storage.Sqlite;

/// <summary>Transactions by hand: the driver's own hide the reason of a failed commit behind that of a rollback that has nothing left to undo.</summary>
internal static class SqliteTransactions
{
    extension(SqliteConnection connection)
    {
        /// <summary>Does the work in one transaction: all of it is kept when this returns, nothing when it throws.</summary>
        public T InTransaction<T>(Func<T> work)
        {
            connection.Execute("BEGIN IMMEDIATE");
            try
            {
                var result = work();
                connection.Execute("COMMIT");
                return result;
            }
            catch
            {
                // SQLite has rolled back by itself where it saw that nothing else was possible.
                if (raw.sqlite3_get_autocommit(connection.Handle) == 0) raw.sqlite3_exec(connection.Handle, "ROLLBACK");
                throw;
            }
        }
    }
}
