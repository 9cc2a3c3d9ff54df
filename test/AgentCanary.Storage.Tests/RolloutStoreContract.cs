using AgentCanary.Control;
using AgentCanary.Testing;

namespace AgentCanary.Storage.Tests;

/// <summary>What every store promises. A store derives this class and says how it is opened.</summary>
public abstract class RolloutStoreContract : IAsyncLifetime
{
    private const string Agent = "support-agent";

    protected IRolloutStore Store { get; private set; } = null!;

    public async Task InitializeAsync() => Store = await OpenAsync();

    public abstract Task DisposeAsync();

    protected abstract Task<IRolloutStore> OpenAsync();

    [Fact]
    public async Task An_empty_store_has_no_rollouts_no_events_and_no_evidence()
    {
        Assert.Empty(await Store.ReadAllAsync(default));
        Assert.Null(await Store.FindAsync(Agent, default));
        Assert.Empty(await Store.ReadEventsAsync(Agent, 0, 10, default));
        Assert.Null(await Store.FindEvidenceAsync(Agent, 1, default));
        Assert.Null(await Store.VerifyAsync(Agent, default));
    }

    [Fact]
    public async Task What_was_written_is_read_back_to_the_byte()
    {
        var state = Rollouts.State();
        var written = await Store.WriteAsync(state, Rollouts.Evidence(7));

        Assert.Equal(RolloutJson.Write(state), RolloutJson.Write((await Store.FindAsync(Agent, default))!));
        var read = Assert.Single(await Store.ReadEventsAsync(Agent, 0, 10, default));
        Assert.Equal(RolloutJson.Write(written), RolloutJson.Write(read));
        Assert.Equal(written.Hash, read.Hash);
        Assert.Equal(Rollouts.Evidence(7).Bytes.ToArray(), (await Store.FindEvidenceAsync(Agent, 1, default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task The_first_write_is_revision_1()
    {
        var conflict = await Assert.ThrowsAsync<RolloutConflictException>(async () => await Store.WriteAsync(Rollouts.State(2)));
        Assert.Equal(0, conflict.ActualRevision);
        Assert.Null(await Store.FindAsync(Agent, default));
        await Store.WriteAsync(Rollouts.State(1));
    }

    [Theory, InlineData(1), InlineData(3), InlineData(5)]
    public async Task A_write_that_does_not_follow_the_stored_revision_is_refused_and_leaves_nothing(long revision)
    {
        await Store.FillAsync(3);
        await Store.WriteEvidenceAsync([Rollouts.Evidence(1)], default);

        var conflict = await Assert.ThrowsAsync<RolloutConflictException>(
            async () => await Store.WriteAsync(Rollouts.State(revision, reason: "late"), Rollouts.Evidence(2)));

        Assert.Equal(3, conflict.ActualRevision);
        Assert.Equal("as planned", (await Store.FindAsync(Agent, default))!.Reason);
        Assert.Equal([1L, 2, 3], (await Store.ReadEventsAsync(Agent, 0, 10, default)).Select(@event => @event.Revision));
        Assert.Equal(1, (await Store.FindEvidenceAsync(Agent, 1, default))!.Bytes.Span[0]);
        Assert.Null(await Store.VerifyAsync(Agent, default));
    }

    [Fact]
    public async Task Parts_that_do_not_belong_together_are_refused_and_leave_nothing()
    {
        var state = Rollouts.State();
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.WriteAsync(state, Rollouts.EventOf(Rollouts.State(2)), null, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.WriteAsync(state, Rollouts.EventOf(Rollouts.State(1, "other")), null, default));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.WriteAsync(state, Rollouts.Evidence(1, agent: "other")));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.WriteAsync(Rollouts.State(0)));
        Assert.Empty(await Store.ReadAllAsync(default));
    }

    [Fact]
    public async Task Rollouts_are_read_in_the_order_of_their_agents_and_do_not_touch_each_other()
    {
        foreach (var agent in new[] { "b", "a", "a-b", "B" }) await Store.FillAsync(agent == "a" ? 3 : 1, agent);
        await Store.WriteEvidenceAsync([Rollouts.Evidence(1, agent: "a"), Rollouts.Evidence(2, agent: "b")], default);

        Assert.Equal(["B:1", "a:3", "a-b:1", "b:1"], (await Store.ReadAllAsync(default)).Select(state => $"{state.Agent}:{state.Revision}"));
        Assert.Single(await Store.ReadEventsAsync("b", 0, 10, default));
        Assert.Equal(1, (await Store.FindEvidenceAsync("a", 1, default))!.Bytes.Span[0]);
        Assert.Equal(2, (await Store.FindEvidenceAsync("b", 1, default))!.Bytes.Span[0]);
    }

    [Fact]
    public async Task Events_come_in_order_after_a_revision_and_up_to_a_limit()
    {
        await Store.FillAsync(12);
        async Task<IEnumerable<long>> Read(long after, int limit) => (await Store.ReadEventsAsync(Agent, after, limit, default)).Select(@event => @event.Revision);

        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), await Read(0, 1_000));
        Assert.Equal([1L, 2, 3], await Read(0, 3));
        Assert.Equal([10L, 11, 12], await Read(9, 5));
        Assert.Empty(await Read(12, 5));
        Assert.Empty(await Read(long.MaxValue, 5));
        foreach (var limit in new[] { 0, -1, 1_001 })
            await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.ReadEventsAsync(Agent, 0, limit, default));
    }

    [Fact]
    public async Task Evidence_is_overwritten_without_revision_and_without_events()
    {
        await Store.FillAsync(1);
        for (byte i = 0; i < 5; i++) await Store.WriteEvidenceAsync([Rollouts.Evidence(i)], default);

        Assert.Equal(4, (await Store.FindEvidenceAsync(Agent, 1, default))!.Bytes.Span[0]);
        Assert.Equal(1, (await Store.FindAsync(Agent, default))!.Revision);
        Assert.Single(await Store.ReadEventsAsync(Agent, 0, 10, default));
    }

    [Fact]
    public async Task Evidence_is_a_copy_of_what_was_handed_in()
    {
        await Store.FillAsync(1);
        var buffer = new byte[] { 1, 2, 3 };
        await Store.WriteEvidenceAsync([new(Agent, 1, buffer)], default);
        buffer[0] = 99;
        Assert.Equal([1, 2, 3], (await Store.FindEvidenceAsync(Agent, 1, default))!.Bytes.ToArray());
    }

    [Fact]
    public async Task A_change_within_an_attempt_keeps_its_evidence()
    {
        await Store.WriteAsync(Rollouts.State(1), Rollouts.Evidence(1));
        await Store.WriteAsync(Rollouts.State(2));
        Assert.Equal(1, (await Store.FindEvidenceAsync(Agent, 1, default))!.Bytes.Span[0]);
    }

    [Fact]
    public async Task A_new_attempt_removes_the_evidence_of_the_one_before_and_keeps_it_out()
    {
        await Store.WriteAsync(Rollouts.State(1), Rollouts.Evidence(1));
        await Store.WriteAsync(Rollouts.State(2, attempt: 2));
        Assert.Null(await Store.FindEvidenceAsync(Agent, 1, default));
        Assert.Null(await Store.FindEvidenceAsync(Agent, 2, default));

        await Store.WriteEvidenceAsync([Rollouts.Evidence(3, attempt: 1), Rollouts.Evidence(4, attempt: 2), Rollouts.Evidence(5, agent: "unknown")], default);
        Assert.Null(await Store.FindEvidenceAsync(Agent, 1, default));
        Assert.Null(await Store.FindEvidenceAsync("unknown", 1, default));
        Assert.Equal(4, (await Store.FindEvidenceAsync(Agent, 2, default))!.Bytes.Span[0]);
    }

    [Fact]
    public async Task Of_many_writers_exactly_one_wins_each_revision()
    {
        const int Writers = 8, Revisions = 25;
        var wins = new int[Revisions + 1];
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAllAsync(writer, Revisions, wins))));

        Assert.Equal([0, .. Enumerable.Repeat(1, Revisions)], wins);
        Assert.Equal(Revisions, (await Store.FindAsync(Agent, default))!.Revision);
        Assert.Equal(Enumerable.Range(1, Revisions).Select(i => (long)i), (await Store.ReadEventsAsync(Agent, 0, 1_000, default)).Select(@event => @event.Revision));
        Assert.Null(await Store.VerifyAsync(Agent, default));
    }

    [Fact]
    public async Task State_event_and_evidence_of_one_write_are_seen_together_by_every_reader()
    {
        await Store.WriteAsync(Rollouts.State(1), Rollouts.Evidence(1));
        var writing = Task.Run(async () =>
        {
            for (var revision = 2; revision <= 60; revision++) await Store.WriteAsync(Rollouts.State(revision), Rollouts.Evidence((byte)revision));
        });
        while (!writing.IsCompleted)
        {
            // Each read is later than the one before, so no figure may fall.
            var state = (await Store.FindAsync(Agent, default))!.Revision;
            var events = (await Store.ReadEventsAsync(Agent, 0, 1_000, default)).Length;
            var evidence = (await Store.FindEvidenceAsync(Agent, 1, default))!.Bytes.Span[0];
            Assert.True(state <= events && events <= evidence, $"Revision {state}, {events} events and evidence of revision {evidence} were seen in this order.");
            Assert.Null(await Store.VerifyAsync(Agent, default));
        }
        await writing;
    }

    [Fact]
    public async Task Each_hash_is_made_of_the_hash_before_and_the_canonical_event()
    {
        await Store.FillAsync(5);
        var previous = "";
        foreach (var @event in await Store.ReadEventsAsync(Agent, 0, 10, default))
        {
            byte[] linked = [.. System.Text.Encoding.ASCII.GetBytes(previous), .. RolloutJson.Write(@event)];
            Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(linked)), @event.Hash);
            previous = @event.Hash;
        }
        Assert.Null(await Store.VerifyAsync(Agent, default));
    }

    [Fact]
    public async Task The_newest_event_names_the_bytes_of_the_stored_state()
    {
        await Store.FillAsync(5);
        var events = await Store.ReadEventsAsync(Agent, 0, 10, default);
        var state = (await Store.FindAsync(Agent, default))!;
        Assert.Equal(EventChain.HashOf(RolloutJson.Write(state)), events[^1].StateHash);
        Assert.Equal(state.Revision, events[^1].Revision);
    }

    [Fact]
    public async Task A_call_that_was_cancelled_before_it_began_does_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var state = Rollouts.State();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.WriteAsync(state, Rollouts.EventOf(state), null, cancelled.Token));
        Assert.Empty(await Store.ReadAllAsync(default));
    }

    [Fact]
    public async Task Text_of_any_kind_is_data_and_nothing_else()
    {
        foreach (var text in new[] { "'); DROP TABLE events; --", "a\u0000b", "ünï©ode 😀", new string('x', 100_000) })
        {
            await Store.WriteAsync(Rollouts.State(1, text, reason: text));
            Assert.Equal(text, (await Store.FindAsync(text, default))!.Reason);
            Assert.Null(await Store.VerifyAsync(text, default));
        }
        Assert.Equal(4, (await Store.ReadAllAsync(default)).Length);
    }

    private async Task WriteAllAsync(int writer, int revisions, int[] wins)
    {
        for (var revision = 1; revision <= revisions; revision++)
        {
            try
            {
                await Store.WriteAsync(Rollouts.State(revision, reason: $"writer {writer}"));
                Interlocked.Increment(ref wins[revision]);
            }
            catch (RolloutConflictException conflict)
            {
                Assert.True(conflict.ActualRevision >= revision);
            }
        }
    }
}
