using System.Text;
using AgentCanary.Control;
using AgentCanary.Storage.Sqlite;
using AgentCanary.Testing;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteDamageTests : IDisposable
{
    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task A_flipped_byte_is_either_found_or_changes_nothing_that_was_stored(int seed)
    {
        var whole = await MakeFileAsync();
        var expected = await ReadAllAsync(await _directory.OpenAsync());
        var (random, found) = (new Random(seed), 0);
        for (var i = 0; i < 50; i++)
        {
            var damaged = whole.ToArray();
            var at = random.Next(damaged.Length);
            damaged[at] ^= (byte)random.Next(1, 256);
            await PutAsync(damaged);
            try
            {
                Assert.Equal(expected, await ReadAllAsync(await _directory.OpenAsync()));
            }
            catch (StoreUnavailableException refused)
            {
                found++;
                Assert.Contains($"'{_directory.File}'", refused.Message, StringComparison.Ordinal);
            }
        }
        Assert.True(found > 10, $"Only {found} of 50 flips were found: the file holds too little to be damaged.");
    }

    [Fact]
    public async Task A_file_that_was_cut_anywhere_is_found()
    {
        var whole = await MakeFileAsync();
        for (var length = 1; length < whole.Length; length += 2_999)
        {
            await PutAsync(whole[..length]);
            await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);
        }
    }

    [Fact]
    public async Task A_file_of_something_else_is_named_with_the_next_step()
    {
        Directory.CreateDirectory(_directory.Path);
        await PutAsync(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat("this is no database", 500))));

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);

        Assert.StartsWith($"'{_directory.File}' is damaged: ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("restore the file from a backup, or move it away with its -wal and -shm files to begin anew.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_that_was_moved_away_gives_room_for_a_new_one()
    {
        var whole = await MakeFileAsync();
        await PutAsync(whole[..5_000]);
        await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);
        File.Move(_directory.File, _directory.File + ".damaged");

        await using var store = await _directory.OpenAsync();

        Assert.Empty(await store.ReadAllAsync(default));
        await store.FillAsync(1);
    }

    [Fact]
    public async Task A_log_that_was_damaged_after_a_kill_loses_at_most_its_end()
    {
        using var writer = Writer.Start(_directory);
        writer.Go();
        await writer.ReadAsync(20);
        await writer.KillAsync();
        var log = _directory.File + "-wal";
        var bytes = await File.ReadAllBytesAsync(log);
        bytes[bytes.Length / 2] ^= 0xFF;
        await File.WriteAllBytesAsync(log, bytes);

        await using var store = await _directory.OpenAsync();

        // SQLite reads its log up to the damage; what it gives is an earlier state, whole.
        var state = await store.FindAsync("support-agent", default);
        Assert.True(state is null || state.Revision <= writer.Acknowledged + 1);
        Assert.Null(await store.VerifyAsync("support-agent", default));
    }

    private async Task<byte[]> MakeFileAsync()
    {
        await using (var store = await _directory.OpenAsync())
        {
            foreach (var agent in new[] { "a", "b", "c" })
            {
                await store.FillAsync(8, agent);
                await store.WriteEvidenceAsync([new(agent, 1, Enumerable.Range(0, 3_000).Select(i => (byte)i).ToArray())], default);
            }
        }
        return await File.ReadAllBytesAsync(_directory.File);
    }

    private async Task PutAsync(byte[] content)
    {
        foreach (var file in Directory.GetFiles(_directory.Path, "agentcanary.db*")) File.Delete(file);
        await File.WriteAllBytesAsync(_directory.File, content);
    }

    private static async Task<string> ReadAllAsync(SqliteRolloutStore store)
    {
        await using var open = store;
        var text = new StringBuilder();
        foreach (var state in await store.ReadAllAsync(default))
        {
            text.AppendLine(Encoding.UTF8.GetString(RolloutJson.Write(state)));
            foreach (var @event in await store.ReadEventsAsync(state.Agent, 0, 1_000, default)) text.Append(@event.Hash).AppendLine(Encoding.UTF8.GetString(RolloutJson.Write(@event)));
            text.AppendLine(Convert.ToHexString((await store.FindEvidenceAsync(state.Agent, 1, default))!.Bytes.Span));
        }
        return text.ToString();
    }
}
