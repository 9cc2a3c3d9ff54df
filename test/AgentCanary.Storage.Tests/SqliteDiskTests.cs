using AgentCanary.Control;
using AgentCanary.Storage.Sqlite;
using AgentCanary.Testing;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteDiskTests
{
    private const string Agent = "support-agent";

    [DiskFact]
    public async Task A_full_disk_refuses_writes_clearly_keeps_answering_reads_and_recovers_by_itself()
    {
        using var disk = new SmallDisk(bytes: 512 * 1024);
        using var directory = new DataDirectory(Path.Combine(disk.Path, "data"));
        await using var store = await directory.OpenAsync();
        await store.FillAsync(3);
        await store.WriteEvidenceAsync([Rollouts.Evidence(3)], default);
        disk.Fill();

        var kept = await WriteUntilFullAsync(store, from: 4);
        Assert.Equal(kept, (await store.FindAsync(Agent, default))!.Revision);
        Assert.Equal(kept, (await store.ReadEventsAsync(Agent, 0, 1_000, default)).Length);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.WriteEvidenceAsync([new(Agent, 1, new byte[100_000])], default));
        Assert.Equal(3, (await store.FindEvidenceAsync(Agent, 1, default))!.Bytes.Span[0]);
        Assert.Null(await store.VerifyAsync(Agent, default));

        disk.FreeSpace();
        await store.WriteAsync(Rollouts.State(kept + 1), Rollouts.Evidence(9));
        Assert.Equal(kept + 1, (await store.FindAsync(Agent, default))!.Revision);
        Assert.Null(await store.VerifyAsync(Agent, default));
    }

    [DiskFact]
    public async Task A_store_that_starts_on_a_full_disk_says_so_and_starts_when_there_is_space()
    {
        using var disk = new SmallDisk(bytes: 256 * 1024);
        using var directory = new DataDirectory(Path.Combine(disk.Path, "data"));
        await using (var store = await directory.OpenAsync()) await store.FillAsync(2);
        disk.Fill();

        await Assert.ThrowsAsync<StoreUnavailableException>(directory.OpenAsync);

        disk.FreeSpace();
        await using var again = await directory.OpenAsync();
        Assert.Equal(2, (await again.FindAsync(Agent, default))!.Revision);
    }

    [Fact]
    public async Task A_file_that_was_removed_under_the_server_is_not_written_to_and_not_made_anew()
    {
        using var directory = new DataDirectory();
        await using var store = await directory.OpenAsync();
        await store.FillAsync(2);
        File.Move(directory.File, directory.File + ".away");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.WriteAsync(Rollouts.State(3)));

        Assert.Contains($"'{directory.File}' was removed while the server ran", refused.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(directory.File));
        File.Move(directory.File + ".away", directory.File);
        await store.WriteAsync(Rollouts.State(3));
    }

    [TraceFact]
    public async Task A_failed_sync_acknowledges_nothing_and_the_store_goes_on_with_what_the_disk_has()
    {
        using var directory = new DataDirectory();
        await using (var store = await directory.OpenAsync()) await store.FillAsync(2);
        // From the 20th sync of any of its threads on the writer's disk fails, as a dying one does.
        string[] strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO:when=20+"];
        using var writer = Writer.Start(directory, "write", strace);
        writer.Go();
        await writer.ReadAsync(int.MaxValue);

        Assert.StartsWith($"unavailable The disk of '{directory.File}' failed", writer.LastWords, StringComparison.Ordinal);
        Assert.InRange(writer.Acknowledged, 3, 2_000);
        await using var again = await directory.OpenAsync();
        // The last write was not acknowledged: it may be there, whole, or not.
        Assert.InRange((await again.FindAsync(Agent, default))!.Revision, writer.Acknowledged, writer.Acknowledged + 1);
        Assert.Null(await again.VerifyAsync(Agent, default));
        await again.WriteAsync(Rollouts.State((await again.FindAsync(Agent, default))!.Revision + 1));
    }

    private static async Task<long> WriteUntilFullAsync(SqliteRolloutStore store, long from)
    {
        for (var revision = from; revision < from + 1_000; revision++)
        {
            try
            {
                await store.WriteAsync(Rollouts.State(revision));
            }
            catch (StoreUnavailableException unavailable)
            {
                Assert.Contains("is full: nothing was written. Free some space; the store goes on by itself.", unavailable.Message, StringComparison.Ordinal);
                return revision - 1;
            }
        }
        throw new InvalidOperationException("The disk never became full.");
    }
}
