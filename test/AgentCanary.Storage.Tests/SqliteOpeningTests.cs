using System.Runtime.Versioning;
using AgentCanary.Control;
using AgentCanary.Spec;
using AgentCanary.Storage.Sqlite;
using AgentCanary.Testing;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteOpeningTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_reopened_store_has_the_same_bytes()
    {
        string? state, events;
        const string AllEvents = "SELECT group_concat(json || previous_hash || hash, char(10)) FROM (SELECT * FROM events ORDER BY revision)";
        await using (var store = await _directory.OpenAsync())
        {
            await store.FillAsync(9);
            await store.WriteEvidenceAsync([Rollouts.Evidence(3)], default);
            (state, events) = (_directory.Read<string>("SELECT state FROM rollouts"), _directory.Read<string>(AllEvents));
        }
        await using var again = await _directory.OpenAsync();

        Assert.Equal(state, _directory.Read<string>("SELECT state FROM rollouts"));
        Assert.Equal(events, _directory.Read<string>(AllEvents));
        Assert.Equal(state, System.Text.Encoding.UTF8.GetString(RolloutJson.Write((await again.FindAsync("support-agent", default))!)));
        Assert.Equal(Rollouts.Evidence(3).Bytes.ToArray(), (await again.FindEvidenceAsync("support-agent", 1, default))!.Bytes.ToArray());
        await again.WriteAsync(Rollouts.State(10));
        Assert.Null(await again.VerifyAsync("support-agent", default));
    }

    [UnixFact, UnsupportedOSPlatform("windows")]
    public async Task Nobody_but_the_owner_may_read_what_is_stored()
    {
        await using var store = await _directory.OpenAsync();
        await store.FillAsync(1);

        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory.Path));
        string[] files = ["agentcanary.db", "agentcanary.db-shm", "agentcanary.db-wal", "agentcanary.lock", "agentcanary.pid"];
        Assert.Equal(files, Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(_directory.Path), file => Assert.Equal(Owner, File.GetUnixFileMode(file)));
    }

    [UnixFact, UnsupportedOSPlatform("windows")]
    public async Task A_file_that_others_may_read_is_closed_to_them_and_a_directory_of_others_is_left_alone()
    {
        const UnixFileMode Shared = Owner | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        await using (var store = await _directory.OpenAsync()) await store.FillAsync(1);
        File.SetUnixFileMode(_directory.File, Owner | UnixFileMode.OtherRead | UnixFileMode.GroupRead);
        File.SetUnixFileMode(_directory.Path, Shared);

        await using var again = await _directory.OpenAsync();

        Assert.Equal(Owner, File.GetUnixFileMode(_directory.File));
        Assert.Equal(Shared, File.GetUnixFileMode(_directory.Path));
    }

    [Fact]
    public async Task The_file_is_written_through_a_log_and_synced_at_each_commit()
    {
        await using var store = await _directory.OpenAsync();
        Assert.Equal("wal", _directory.Read<string>("PRAGMA journal_mode"));
        Assert.Equal(2, await store.PragmaAsync("synchronous"));
        Assert.Equal(1, await store.PragmaAsync("foreign_keys"));
        Assert.Equal(0, await store.PragmaAsync("trusted_schema"));
        Assert.Equal(5000, await store.PragmaAsync("busy_timeout"));
    }

    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused_by_name_until_the_first_has_gone()
    {
        await using (var store = await _directory.OpenAsync())
        {
            var refused = await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);
            Assert.Equal(
                $"The data directory '{_directory.Path}' is in use by process {Environment.ProcessId}: stop that server, or name another directory with --data-dir.",
                refused.Message);
            await store.FillAsync(1);
        }
        await using var next = await _directory.OpenAsync();
        Assert.Equal(1, (await next.FindAsync("support-agent", default))!.Revision);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_named()
    {
        Directory.CreateDirectory(_directory.Path);
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "");
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => SqliteRolloutStore.OpenAsync(Path.Combine(file, "data")));
        Assert.Contains($"'{Path.Combine(file, "data")}'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_left_as_it_was()
    {
        await using (var store = await _directory.OpenAsync()) await store.FillAsync(1);
        _directory.Execute("PRAGMA user_version = 4");
        var before = await File.ReadAllBytesAsync(_directory.File);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);

        Assert.Equal(
            $"'{_directory.File}' has schema 4, and this version of AgentCanary knows up to 3: run the newer version, or restore the backup that it made.", refused.Message);
        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.File));
    }

    [Theory, InlineData("CREATE TABLE notes (text)"), InlineData("PRAGMA user_version = 1"), InlineData("PRAGMA application_id = 7; CREATE TABLE notes (text)")]
    public async Task A_database_of_another_program_is_refused_and_left_as_it_was(string sql)
    {
        Directory.CreateDirectory(_directory.Path);
        await File.WriteAllBytesAsync(_directory.File, []);
        _directory.Execute(sql);
        var before = await File.ReadAllBytesAsync(_directory.File);

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);

        Assert.Contains("is not a store of AgentCanary's", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(_directory.File));
    }

    [UnixFact, UnsupportedOSPlatform("windows")]
    public async Task An_older_file_is_brought_forward_after_a_copy_was_put_beside_it()
    {
        await using (var store = await _directory.OpenAsync()) await store.FillAsync(3);

        await using (var store = await OpenAsync("ALTER TABLE rollouts ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0;"))
        {
            Assert.Equal(3, (await store.FindAsync("support-agent", default))!.Revision);
            Assert.Null(await store.VerifyAsync("support-agent", default));
            await store.WriteAsync(Rollouts.State(4));
        }

        Assert.Equal(4, _directory.Read<long>("PRAGMA user_version"));
        Assert.Equal(0, _directory.Read<long>("SELECT epoch FROM rollouts"));
        var backup = _directory.File + ".v3.backup";
        Assert.Equal(Owner, File.GetUnixFileMode(backup));
        using var restored = new DataDirectory();
        Directory.CreateDirectory(restored.Path);
        File.Copy(backup, restored.File);
        await using var old = await restored.OpenAsync();
        Assert.Equal(3, (await old.FindAsync("support-agent", default))!.Revision);
    }

    [Fact]
    public async Task A_step_forward_that_fails_leaves_the_old_file_whole()
    {
        await using (var store = await _directory.OpenAsync()) await store.FillAsync(3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => OpenAsync("CREATE TABLE half (a); DELETE FROM events; INSERT INTO nowhere VALUES (1);"));

        Assert.Equal(3, _directory.Read<long>("PRAGMA user_version"));
        Assert.Equal(0, _directory.Read<long>("SELECT count(*) FROM sqlite_master WHERE name = 'half'"));
        await using var again = await _directory.OpenAsync();
        Assert.Null(await again.VerifyAsync("support-agent", default));
        await again.WriteAsync(Rollouts.State(4));
    }

    [Fact]
    public async Task The_file_of_the_first_schema_is_still_read()
    {
        Directory.CreateDirectory(_directory.Path);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "golden", "schema-1.db"), _directory.File);

        await using var store = await _directory.OpenAsync();

        var state = (await store.FindAsync("support-agent", default))!;
        var written = Rollouts.State(4);
        written = written with { Spec = written.Spec with { Analysis = written.Spec.Analysis with { Mode = AnalysisMode.Point } } };
        Assert.Equal(RolloutJson.Write(written), RolloutJson.Write(state));
        Assert.Equal(4, (await store.ReadEventsAsync("support-agent", 0, 10, default)).Length);
        Assert.Equal(Rollouts.Evidence(42).Bytes.ToArray(), (await store.FindEvidenceAsync("support-agent", 1, default))!.Bytes.ToArray());
        await store.WriteAsync(Rollouts.State(5));
        Assert.Null(await store.VerifyAsync("support-agent", default));
    }

    [Fact]
    public async Task A_closed_store_answers_nothing_more()
    {
        var store = await _directory.OpenAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.FindAsync("support-agent", default));
        await store.DisposeAsync();
    }

    private Task<SqliteRolloutStore> OpenAsync(string nextStep) =>
        SqliteRolloutStore.OpenAsync(_directory.Path, SqliteSchema.Current.With(nextStep), CancellationToken.None);
}
