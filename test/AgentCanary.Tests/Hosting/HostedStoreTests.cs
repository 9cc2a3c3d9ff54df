using AgentCanary.Control;

namespace AgentCanary.Tests.Hosting;

public sealed class HostedStoreTests
{
    private readonly BrittleStore _store = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_rollback_is_served_while_the_store_fails_and_written_when_it_recovers()
    {
        await using var world = await StartAsync();
        _store.OnKeep = BrittleStore.Fail;
        world.Canary.Record("v2", new Outcome { Class = OutcomeClass.Safety });
        await Eventually.TrueAsync(() => world.Status.Phase is Phase.RolledBack);
        await world.PassAsync(3, () => world.Serve());
        Assert.Equal((Phase.RolledBack, "v1"), (world.Status.Phase, world.Canary.Route("anybody")));
        Assert.Equal((Phase.Progressing, 2L), ((await world.StoredAsync()).Phase, (await world.StoredAsync()).Revision));

        _store.OnKeep = () => { };
        await world.PassAsync();
        await world.AssertWrittenAsync("created", "stage_entered", "rolled_back");
    }

    [Fact]
    public async Task A_rollback_is_served_although_something_older_waits_for_the_store()
    {
        await using var world = await StartAsync();
        _store.OnKeep = BrittleStore.Fail;
        world.Canary.Command(new RolloutCommand.Pause());
        await world.PassAsync();
        world.Canary.Record("v2", new Outcome { Class = OutcomeClass.Safety });
        await Eventually.TrueAsync(() => world.Status.Phase is Phase.RolledBack);
        await world.AllWaitAsync();

        _store.OnKeep = () => { };
        await world.PassAsync();
        await world.AssertWrittenAsync("created", "stage_entered", "paused", "rolled_back");
    }

    [Fact]
    public async Task A_promotion_is_served_only_after_its_write()
    {
        await using var world = await StartAsync();
        await world.PassAsync(before: () => world.Serve());
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        _store.OnWrite = _ =>
        {
            reached.SetResult();
            return released.Task;
        };
        world.Serve();
        _time.Advance(HostedWorld.Period);
        await reached.Task;
        Assert.Equal((0, Weight.FromPercent(10)), (world.Status.StageIndex, world.Status.Weight));

        _store.OnWrite = _ => Task.CompletedTask;
        released.SetResult();
        await Eventually.TrueAsync(() => world.Status.StageIndex == 1);
        await world.AllWaitAsync();
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered");
    }

    [Fact]
    public async Task A_promotion_that_cannot_be_written_is_not_served_and_made_when_the_store_recovers()
    {
        await using var world = await StartAsync();
        await world.PassAsync(before: () => world.Serve());
        _store.OnKeep = BrittleStore.Fail;
        await world.PassAsync(3, () => world.Serve());
        Assert.Equal(0, world.Status.StageIndex);
        _store.OnKeep = () => { };
        await world.PassAsync(before: () => world.Serve());
        Assert.Equal(1, world.Status.StageIndex);
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task What_a_person_asks_while_a_promotion_is_written_wins_and_nothing_is_lost(bool isRollback)
    {
        await using var world = await StartAsync();
        await world.PassAsync(before: () => world.Serve());
        _store.OnWrite = _ =>
        {
            _store.OnWrite = _ => Task.CompletedTask;
            world.Canary.Command(isRollback ? new RolloutCommand.Rollback { Actor = "cli", Reason = "odd tone" } : new RolloutCommand.Pause { Actor = "cli", Reason = "odd tone" });
            return Task.CompletedTask;
        };
        await world.PassAsync(before: () => world.Serve());
        var expected = isRollback ? Phase.RolledBack : Phase.Paused;
        await world.PassAsync();
        Assert.Equal((expected, "odd tone"), (world.Status.Phase, world.Canary.State.Reason));
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered", isRollback ? "rolled_back" : "paused");
    }

    [Fact]
    public async Task A_write_that_was_kept_and_not_acknowledged_is_not_done_twice()
    {
        await using var world = await StartAsync();
        _store.OnKept = BrittleStore.Fail;
        world.Canary.Command(new RolloutCommand.Promote());
        await Eventually.TrueAsync(() => world.Logger.Lines.Any(line => line.Id == 1003));
        await world.AllWaitAsync();
        _store.OnKept = () => { };
        await world.PassAsync();
        Assert.Equal(1, world.Status.StageIndex);
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered");

        _store.OnKept = BrittleStore.Fail;
        await world.PassAsync(3, () => world.Serve());
        _store.OnKept = () => { };
        await world.PassAsync();
        Assert.Equal(2, world.Status.StageIndex);
    }

    [Fact]
    public async Task A_rollback_that_loses_against_another_writer_is_made_again_on_what_won()
    {
        await using var world = await StartAsync();
        _store.OnWrite = async ours =>
        {
            _store.OnWrite = _ => Task.CompletedTask;
            var stored = await world.StoredAsync();
            var won = RolloutMachine.After(stored, new Decision.Promote(1, "another process was content"), _time.GetUtcNow())!;
            await _store.Inner.WriteAsync(won.Next, won.Event, null, default);
            Assert.Equal(won.Next.Revision, ours.Revision);
        };
        world.Canary.Record("v2", new Outcome { Class = OutcomeClass.Safety });
        await Eventually.TrueAsync(() => world.Canary.State is { Phase: Phase.RolledBack, Revision: 4 });
        await world.AllWaitAsync();
        Assert.Contains("safety violation", world.Canary.State.Reason, StringComparison.Ordinal);
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered", "rolled_back");
    }

    [Fact]
    public async Task A_promotion_that_loses_against_another_writer_follows_it()
    {
        await using var world = await StartAsync();
        await world.PassAsync(before: () => world.Serve());
        _store.OnWrite = async _ =>
        {
            _store.OnWrite = _ => Task.CompletedTask;
            var stored = await world.StoredAsync();
            var won = RolloutMachine.After(stored, new Decision.RollBack("another process saw it fail"), _time.GetUtcNow())!;
            await _store.Inner.WriteAsync(won.Next, won.Event, null, default);
        };
        await world.PassAsync(before: () => world.Serve());
        Assert.Equal(("another process saw it fail", "v1"), (world.Canary.State.Reason, world.Canary.Route("anybody")));
        await world.AssertWrittenAsync("created", "stage_entered", "rolled_back");
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_exception_in_one_evaluation_does_not_end_the_loop(bool isCancellation)
    {
        await using var world = await StartAsync();
        await world.PassAsync(before: () => world.Serve());
        _store.OnKeep = () => throw (isCancellation ? new TaskCanceledException("the driver gave up") : new InvalidOperationException("a fault of the driver"));
        await world.PassAsync(2, () => world.Serve());
        var line = world.Logger.Lines.First(line => line.Id == 1003);
        Assert.Contains(HostedWorld.Agent, line.Message, StringComparison.Ordinal);
        Assert.Equal(isCancellation ? "the driver gave up" : "a fault of the driver", line.Exception!.Message);
        _store.OnKeep = () => { };
        await world.PassAsync(before: () => world.Serve());
        Assert.Equal(1, world.Status.StageIndex);
    }

    [Fact]
    public async Task A_store_that_fails_right_after_a_conflict_does_not_end_the_loop()
    {
        await using var world = await StartAsync();
        await world.PassAsync(before: () => world.Serve());
        _store.OnFind = BrittleStore.Fail;
        _store.OnKeep = () => throw new RolloutConflictException(HostedWorld.Agent, 2, 3);
        await world.PassAsync(2, () => world.Serve());
        (_store.OnFind, _store.OnKeep) = (() => { }, () => { });
        await world.PassAsync(before: () => world.Serve());
        Assert.Equal(1, world.Status.StageIndex);
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered");
    }

    private Task<HostedWorld> StartAsync() => HostedWorld.StartAsync(_store, _time);
}
