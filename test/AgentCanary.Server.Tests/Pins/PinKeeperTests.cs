using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Server.Pins;
using AgentCanary.Server.Tests.Controller;
using AgentCanary.Spec;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary.Server.Tests.Pins;

public sealed class PinKeeperTests : IDisposable
{
    private const string Agent = "support-agent";

    private readonly ControllerWorld _world = new();
    private readonly FakePinStore _store = new();

    public void Dispose() => _world.Dispose();

    private uint Now => Pin.SecondsOf(_world.Time.GetUtcNow());

    [Fact]
    public async Task What_was_learned_is_known_after_a_restart()
    {
        await StartAsync();
        Learn("one", "v2");
        await Keeper(_world.Pins).KeepAsync(default);

        using var next = new PinBoard();
        await Keeper(next).LoadAsync(default);

        Assert.True(next.Of(Agent).TryFind(Pin.KeyOf(1, "one"), Now, out var pin));
        Assert.Equal(Pin.VersionOf("v2"), pin.Version);
        await Keeper(next).KeepAsync(default);
        Assert.Equal(1, _store.Writes);
    }

    [Fact]
    public async Task What_a_broken_store_could_not_keep_is_written_once_it_works()
    {
        await StartAsync();
        Learn("one", "v2");
        _store.IsBroken = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Keeper(_world.Pins).KeepAsync(default));
        Learn("two", "v1");
        _store.IsBroken = false;

        await Keeper(_world.Pins).KeepAsync(default);

        Assert.Equal(2, _store.Rows.Count);
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_leaves_conversations_unknown_and_stops_nothing()
    {
        await StartAsync();
        _store.IsBroken = true;
        await Keeper(_world.Pins).LoadAsync(default);
    }

    [Fact]
    public async Task More_than_one_batch_is_written_in_one_round()
    {
        await StartAsync();
        for (var i = 0; i < 10_000; i++) Learn($"id-{i}", "v1");
        await Keeper(_world.Pins).KeepAsync(default);
        Assert.Equal(10_000, _store.Rows.Count);
    }

    [Fact]
    public async Task A_rollback_releases_the_canarys_conversations_and_leaves_stables()
    {
        await StartAsync();
        Learn("one", "v2");
        Learn("two", "v1");
        await Keeper(_world.Pins).KeepAsync(default);
        Assert.Equal(new PinCounts(1, 1), await PinnedAsync());

        await _world.CommandAsync(new RolloutCommand.Rollback());
        await Keeper(_world.Pins).KeepAsync(default);

        Assert.Equal(new PinCounts(0, 1), await PinnedAsync());
        Assert.Equal(Pin.VersionOf("v1"), Assert.Single(_store.Rows.Values).Pin.Version);
    }

    [Fact]
    public async Task What_a_rollback_releases_is_forgotten_by_a_store_that_was_broken_then_too()
    {
        await StartAsync();
        Learn("one", "v2");
        var keeper = Keeper(_world.Pins);
        await keeper.KeepAsync(default);
        await _world.CommandAsync(new RolloutCommand.Rollback());
        _store.IsBroken = true;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => keeper.KeepAsync(default));
        _store.IsBroken = false;

        await keeper.KeepAsync(default);

        Assert.Empty(_store.Rows);
    }

    [Fact]
    public async Task Conversations_that_drain_are_counted_until_the_last_has_gone_and_then_that_is_told()
    {
        await StartAsync(PinsOnRollback.Drain);
        Learn("one", "v2", seconds: 30);
        Learn("two", "v2", seconds: 60);
        await _world.CommandAsync(new RolloutCommand.Rollback());
        await Keeper(_world.Pins).KeepAsync(default);

        Assert.Equal(new PinCounts(2, 0), await PinnedAsync());
        await _world.PassAsync(31);
        Assert.Equal(new PinCounts(1, 0), _world.Rollout.Pinned);
        Assert.True(Plan.IsDraining);

        await _world.PassAsync(30);
        Assert.False(Plan.IsDraining);
        Assert.Equal(("drained", "no conversation is left on the canary"), await LastEventAsync());
    }

    [Fact]
    public async Task Draining_ends_at_its_deadline_whoever_is_left()
    {
        await StartAsync(PinsOnRollback.Drain, timeToLive: TimeSpan.FromSeconds(20));
        Learn("one", "v2", seconds: 1000);
        await _world.CommandAsync(new RolloutCommand.Rollback());

        await _world.PassAsync(19);
        Assert.True(Plan.IsDraining);
        await _world.PassAsync(2);

        Assert.False(Plan.IsDraining);
        Assert.Equal(("drained", "the time of the last conversation on the canary is over"), await LastEventAsync());
        await Keeper(_world.Pins).KeepAsync(default);
        Assert.Equal(new PinCounts(0, 0), await PinnedAsync());
    }

    [Theory, InlineData(PinsOnRollback.Cut, true), InlineData(PinsOnRollback.Drain, false), InlineData(PinsOnRollback.Release, false)]
    public async Task A_rollback_ends_what_the_canary_has_under_way_where_the_file_says_cut(PinsOnRollback rule, bool isCut)
    {
        await StartAsync(rule);
        var cut = _world.Pins.CutOf(Agent, "v2");
        await _world.CommandAsync(new RolloutCommand.Rollback());
        Assert.Equal(isCut, cut.IsCancellationRequested);
        Assert.False(_world.Pins.CutOf(Agent, "v2").IsCancellationRequested && isCut);
    }

    [Fact]
    public async Task A_cut_ends_nothing_of_a_version_that_has_completed_since()
    {
        await StartAsync();
        var completed = _world.Pins.CutOf(Agent, "v2");
        await _world.CommandAsync(new RolloutCommand.Promote(Full: true));

        await _world.ApplyAsync(ControllerWorld.Spec(stable: "v2", canary: "v3") with { PinsOnRollback = PinsOnRollback.Cut });
        await _world.PassAsync();
        var cut = _world.Pins.CutOf(Agent, "v3");
        await _world.CommandAsync(new RolloutCommand.Rollback());

        Assert.Equal((false, true), (completed.IsCancellationRequested, cut.IsCancellationRequested));
    }

    [Fact]
    public async Task A_cut_ends_nothing_of_an_earlier_rollout_of_the_same_version_that_was_released()
    {
        await StartAsync();
        var released = _world.Pins.CutOf(Agent, "v2");
        await _world.CommandAsync(new RolloutCommand.Rollback());
        await _world.ApplyAsync(ControllerWorld.Spec(canary: "v3"));

        await StartAsync(PinsOnRollback.Cut);
        var cut = _world.Pins.CutOf(Agent, "v2");
        await _world.CommandAsync(new RolloutCommand.Rollback());

        Assert.Equal((false, true), (released.IsCancellationRequested, cut.IsCancellationRequested));
    }

    [Fact]
    public async Task A_safety_violation_that_is_reported_late_cuts_where_the_file_releases_too()
    {
        await StartAsync(PinsOnRollback.Release);
        var (cut, runtime) = (_world.Pins.CutOf(Agent, "v2"), _world.Registry.Current[Agent]);
        Assert.Equal(ReportFate.Counted, runtime.Report(new() { Version = "v2", Variant = Variant.Canary, Arm = Arm.Canary, Attempt = 1 }, TimeSpan.FromDays(1), violations: 1, []));

        await _world.PassAsync();

        Assert.Equal((Phase.RolledBack, PinsOnRollback.Cut, true), (runtime.State.Phase, runtime.State.Pins, cut.IsCancellationRequested));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task No_conversation_drains_on_a_canary_that_turns_out_to_be_unsafe(bool isReported)
    {
        var runtime = await DrainAsync();
        var (cut, drained) = (_world.Pins.CutOf(Agent, "v2"), Drained(runtime));
        Assert.Equal((Variant.Canary, Arm.Outside), (drained.Variant, drained.Arm));
        await _world.PassAsync();
        Assert.True(Plan.IsDraining);

        if (isReported) Assert.Equal(ReportFate.Counted, runtime.Report(drained, TimeSpan.Zero, violations: 1, []));
        else runtime.Record(drained, new() { Class = OutcomeClass.Safety });
        await _world.PassAsync();

        Assert.Equal((false, true), (Plan.IsDraining, cut.IsCancellationRequested));
        Assert.Equal(("drained", "the canary is unsafe: 1 safety violation on the canary, where none is tolerated"), await LastEventAsync());
    }

    [Fact]
    public async Task A_canary_that_turns_out_to_be_unsafe_stops_draining_before_that_is_written()
    {
        var runtime = await DrainAsync();
        bool? wasDraining = null;
        _world.Store.Refuses = _ => (wasDraining = Plan.IsDraining) is null;

        runtime.Record(Drained(runtime), new() { Class = OutcomeClass.Safety });
        await _world.PassAsync();

        Assert.Equal((false, PinsOnRollback.Cut), (wasDraining, runtime.State.Pins));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_unsafe_canary_does_not_drain_while_the_store_is_out_of_reach_and_the_store_hears_of_it_later(bool isRollbackUnwritten)
    {
        var runtime = await DrainAsync(() => _world.Store.IsFull = isRollbackUnwritten);
        _world.Store.IsFull = true;
        var cut = _world.Pins.CutOf(Agent, "v2");

        runtime.Record(Drained(runtime), new() { Class = OutcomeClass.Safety });
        await _world.PassAsync(3);
        Assert.Equal((false, PinsOnRollback.Cut, false, true), (Plan.IsDraining, runtime.State.Pins, _world.Rollout.IsDurable, cut.IsCancellationRequested));

        _world.Store.IsFull = false;
        await _world.PassAsync();
        Assert.Equal((PinsOnRollback.Cut, true), ((await _world.Store.FindAsync(Agent, default))!.Pins, _world.Rollout.IsDurable));
        Assert.Equal(["created", "stage_entered", "rolled_back", "drained"], (await _world.Store.ReadEventsAsync(Agent, 0, 100, default)).Select(happened => happened.Type));
        Assert.Null(await _world.Store.VerifyAsync(Agent, default));
    }

    private async Task<CanaryRuntime> DrainAsync(Action? beforeRollback = null)
    {
        await StartAsync(PinsOnRollback.Drain);
        Learn("one", "v2", seconds: 1000);
        beforeRollback?.Invoke();
        await _world.CommandAsync(new RolloutCommand.Rollback());
        Assert.True(Plan.IsDraining);
        return _world.Registry.Current[Agent];
    }

    private static Assignment Drained(CanaryRuntime runtime) => runtime.Assign(new("user") { Pinned = Variant.Canary }, new NoAttributes());

    private RoutePlan Plan => _world.Registry.Current[Agent].Plan;

    private async Task StartAsync(PinsOnRollback rule = PinsOnRollback.Release, TimeSpan? timeToLive = null)
    {
        await _world.ApplyAsync(ControllerWorld.Spec() with { PinsOnRollback = rule, PinTimeToLive = timeToLive ?? TimeSpan.FromHours(24) });
        await _world.PassAsync();
    }

    private void Learn(string id, string version, uint seconds = 3600) =>
        _world.Pins.Of(Agent).Keep(new(Pin.KeyOf(1, id), Pin.VersionOf(version), Now + seconds) { IsHead = true }, Now);

    private async Task<PinCounts> PinnedAsync()
    {
        await _world.PassAsync();
        return _world.Rollout.Pinned;
    }

    private async Task<(string Type, string Reason)> LastEventAsync()
    {
        var last = (await _world.Store.ReadEventsAsync(Agent, 0, 100, default))[^1];
        return (last.Type, last.Reason);
    }

    private PinKeeper Keeper(PinBoard board) => new(board, _store, _world.Registry, _world.Time, NullLogger<PinKeeper>.Instance);
}
