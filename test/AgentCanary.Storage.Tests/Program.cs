using System.Globalization;
using AgentCanary.Control;
using AgentCanary.Storage.Sqlite;
using AgentCanary.Testing;

// Started as "write DIRECTORY": writes revision after revision and prints each one as soon as it is acknowledged, until it is killed or a write
// fails. Started as "migrate DIRECTORY": takes a step to a next schema that never ends. It begins when a line comes in, so that its start costs
// nobody time.
if (args is not ["write" or "migrate", var directory]) return 2;
SQLitePCL.Batteries_V2.Init();
if (await Console.In.ReadLineAsync() is null) return 2;
if (args[0] is "migrate")
{
    const string Endless = """
        CREATE TABLE numbers (n);
        DELETE FROM events;
        WITH RECURSIVE naturals (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM naturals LIMIT 1000000000) INSERT INTO numbers SELECT n FROM naturals;
        """;
    (await SqliteRolloutStore.OpenAsync(directory, SqliteSchema.Current.With(Endless), CancellationToken.None)).Dispose();
    return 0;
}
await using var store = await SqliteRolloutStore.OpenAsync(directory);
Console.WriteLine("open");
var revision = (await store.FindAsync("support-agent", default))?.Revision ?? 0;
try
{
    // A bound, should whoever reads this be gone without having killed it.
    for (var last = revision + 10_000; revision++ < last;)
    {
        await store.WriteAsync(Rollouts.State(revision), Rollouts.Evidence((byte)revision));
        Console.WriteLine(revision.ToString(CultureInfo.InvariantCulture));
    }
    return 0;
}
catch (StoreUnavailableException unavailable)
{
    Console.WriteLine($"unavailable {unavailable.Message}");
    return 1;
}
