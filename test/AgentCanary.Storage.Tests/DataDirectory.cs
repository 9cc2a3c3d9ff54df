using AgentCanary.Storage.Sqlite;
using Dapper;
using Microsoft.Data.Sqlite;

namespace AgentCanary.Storage.Tests;

/// <summary>A data directory of a test's own, removed at its end, and ways to look into its file past the store.</summary>
public sealed class DataDirectory(string? path = null) : IDisposable
{
    public string Path { get; } = path ?? System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"agentcanary-{Guid.NewGuid():n}");

    public string File => System.IO.Path.Combine(Path, "agentcanary.db");

    public Task<SqliteRolloutStore> OpenAsync() => SqliteRolloutStore.OpenAsync(Path);

    /// <summary>Runs SQL on the file as another program would, with none of the store's own checks.</summary>
    public int Execute(string sql, object? parameters = null)
    {
        using var connection = Connect();
        return connection.Execute(sql, parameters);
    }

    public T? Read<T>(string sql, object? parameters = null)
    {
        using var connection = Connect();
        return connection.ExecuteScalar<T>(sql, parameters);
    }

    public void Dispose()
    {
        if (Directory.Exists(Path)) Directory.Delete(Path, recursive: true);
    }

    private SqliteConnection Connect()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={File};Mode=ReadWrite;Pooling=False;Foreign Keys=False");
        connection.Open();
        return connection;
    }
}
