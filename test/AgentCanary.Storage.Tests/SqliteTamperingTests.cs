using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Storage.Tests;

public sealed class SqliteTamperingTests : IDisposable
{
    private const string Agent = "support-agent";

    private readonly DataDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("UPDATE events SET json = replace(json, 'as planned', 'as wished') WHERE revision = 3", 3)]
    [InlineData("UPDATE events SET json = json || ' ' WHERE revision = 3", 3)]
    [InlineData("UPDATE events SET hash = upper(hash) WHERE revision = 3", 3)]
    [InlineData("UPDATE events SET previous_hash = '' WHERE revision = 3", 3)]
    [InlineData("UPDATE events SET agent = 'other' WHERE revision = 3", 3)]
    [InlineData("DELETE FROM events WHERE revision = 1", 1)]
    [InlineData("DELETE FROM events WHERE revision = 3", 3)]
    [InlineData("DELETE FROM events WHERE revision = 6", 6)]
    [InlineData("DELETE FROM events WHERE revision > 4", 5)]
    [InlineData("DELETE FROM events WHERE revision > 0", 1)]
    [InlineData("DELETE FROM events WHERE revision = 3; UPDATE events SET revision = revision - 1 WHERE revision > 3", 3)]
    [InlineData("UPDATE events SET revision = 99 WHERE revision = 2; UPDATE events SET revision = 2 WHERE revision = 3; UPDATE events SET revision = 3 WHERE revision = 99", 2)]
    [InlineData("INSERT INTO events SELECT agent, 7, json, hash, hash FROM events WHERE revision = 6", 7)]
    [InlineData("DELETE FROM events WHERE revision = 6; UPDATE rollouts SET revision = 5", 5)]
    [InlineData("UPDATE rollouts SET revision = 5", 6)]
    [InlineData("UPDATE rollouts SET attempt = 2", 6)]
    [InlineData("UPDATE rollouts SET state = replace(state, '\"weight_bp\":500', '\"weight_bp\":9999')", 6)]
    [InlineData("UPDATE rollouts SET state = ''", 6)]
    [InlineData("DELETE FROM rollouts WHERE revision > 0", 1)]
    public async Task Whatever_was_changed_past_the_store_is_found_where_it_is(string sql, long broken)
    {
        await using var store = await _directory.OpenAsync();
        await store.FillAsync(6);
        Assert.Null(await store.VerifyAsync(Agent, default));

        Assert.NotEqual(0, _directory.Execute(sql));

        Assert.Equal(broken, await store.VerifyAsync(Agent, default));
    }

    [Fact]
    public async Task A_tampered_file_is_not_opened_and_the_message_says_what_to_do()
    {
        await using (var store = await _directory.OpenAsync()) await store.FillAsync(6);
        _directory.Execute("UPDATE events SET json = replace(json, 'controller', 'somebody') WHERE revision = 4");

        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);

        Assert.Equal(
            $"'{_directory.File}' is damaged: the events or the state of 'support-agent' are not those that were written, from revision 4 on. "
            + "Stop the server and restore the file from a backup, or move it away with its -wal and -shm files to begin anew.",
            refused.Message);
    }

    [Fact]
    public async Task Changed_evidence_is_neither_read_nor_opened()
    {
        await using (var store = await _directory.OpenAsync())
        {
            await store.WriteAsync(Rollouts.State(), Rollouts.Evidence(1));
            _directory.Execute("UPDATE evidence SET bytes = x'00'");
            await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.FindEvidenceAsync(Agent, 1, default));
        }
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(_directory.OpenAsync);
        Assert.Contains("the evidence of 'support-agent' is not what was written", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_became_unreadable_while_the_server_ran_is_no_state()
    {
        await using var store = await _directory.OpenAsync();
        await store.FillAsync(2);
        var state = _directory.Read<string>("SELECT state FROM rollouts");
        _directory.Execute("UPDATE rollouts SET state = '{'");

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.FindAsync(Agent, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.WriteAsync(Rollouts.State(3)));

        _directory.Execute("UPDATE rollouts SET state = @state", new { state });
        Assert.Equal(2, (await store.FindAsync(Agent, default))!.Revision);
        await store.WriteAsync(Rollouts.State(3));
    }
}
