using System.Diagnostics;
using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteKillTests : IDisposable
{
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_acknowledged_change_is_lost_when_the_writer_is_killed_100_times()
    {
        var random = new Random(20260301);
        long kept = 0;
        var next = Writer.Start(_directory);
        for (var kill = 0; kill < 100; kill++)
        {
            using var writer = next;
            next = Writer.Start(_directory);
            writer.Go();
            // One in ten dies while it starts, opens or makes the file; the others between or inside their writes.
            if (kill % 10 != 0) await writer.ReadAsync(random.Next(1, 8));
            Spin(TimeSpan.FromMicroseconds(random.Next(kill % 10 == 0 ? 150_000 : 4_000)));
            await writer.KillAsync();

            await using var store = await _directory.OpenAsync();
            var revision = (await store.FindAsync("support-agent", default))?.Revision ?? 0;
            Assert.True(revision >= Math.Max(kept, writer.Acknowledged), $"Kill {kill}: {writer.Acknowledged} was acknowledged, and {revision} is kept.");
            // A write is whole or not there: the chain reaches the state, and the evidence is that of the same write.
            Assert.Null(await store.VerifyAsync("support-agent", default));
            if (revision > 0) Assert.Equal((byte)revision, (await store.FindEvidenceAsync("support-agent", 1, default))!.Bytes.Span[0]);
            kept = revision;
        }
        next.Dispose();
        Assert.True(kept >= 90, $"Only {kept} revisions were written: the writers were killed before they did anything.");
    }

    [Fact]
    public async Task A_kill_in_the_midst_of_a_step_to_a_next_schema_leaves_the_old_file_whole()
    {
        await using (var store = await _directory.OpenAsync()) await store.FillAsync(5);
        using var migration = Writer.Start(_directory, "migrate");
        migration.Go();
        var log = _directory.File + "-wal";
        // The step has begun once its pages outgrow the cache and reach the log.
        await Eventually.TrueAsync(() => File.Exists(_directory.File + ".v3.backup") && File.Exists(log) && new FileInfo(log).Length > 1_000_000);
        await migration.KillAsync();

        await using var again = await _directory.OpenAsync();

        Assert.Null(await again.VerifyAsync("support-agent", default));
        Assert.Equal(5, (await again.ReadEventsAsync("support-agent", 0, 10, default)).Length);
        Assert.Equal(3, await again.PragmaAsync("user_version"));
    }

    // A moment inside a write is far shorter than any timer's step.
    private static void Spin(TimeSpan time)
    {
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time) Thread.SpinWait(50);
    }
}
