using AgentCanary.Control;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Health;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Controller;

public class RolloutControllerTests
{
    [Fact]
    public async Task No_user_sees_the_canary_before_it_is_ready()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec(), isReady: false);
        await world.PassAsync(5, world.ServeGood);
        Assert.Equal((Phase.Pending, 0), (world.Rollout.State.Phase, world.CanaryUsers()));

        world.Health.Publish("support-agent", "v2", ControllerWorld.Healthy);
        await world.PassAsync();
        Assert.Equal(Phase.Progressing, world.Rollout.State.Phase);
        Assert.InRange(world.CanaryUsers(), 400, 600);
    }

    [Fact]
    public async Task A_good_canary_is_promoted_and_completes_with_every_step_in_the_store()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync(40, world.ServeGood);
        Assert.Equal((Phase.Completed, 1000), (world.Rollout.State.Phase, world.CanaryUsers()));
        var events = await world.Store.ReadEventsAsync("support-agent", 0, 100, default);
        Assert.Equal(["created", "stage_entered", "stage_entered", "completed"], events.Select(happened => happened.Type));
        Assert.Null(await world.Store.VerifyAsync("support-agent", default));
    }

    [Fact]
    public async Task A_bad_canary_is_rolled_back_with_the_figures_in_the_event()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync(20, world.ServeBad);
        Assert.Equal((Phase.RolledBack, 0, true), (world.Rollout.State.Phase, world.CanaryUsers(), world.Rollout.IsDurable));
        var last = (await world.Store.ReadEventsAsync("support-agent", 0, 100, default))[^1];
        Assert.Equal(("rolled_back", "controller"), (last.Type, last.Actor));
        var check = Assert.Single(last.Evidence, check => check.Verdict is Verdict.Fail);
        Assert.Equal(("error_rate_increase < 0.10", 0.0), (check.Check, check.Control));
        Assert.InRange(check.Canary!.Value, 0.4, 0.6);
    }

    [Fact]
    public async Task A_rollback_is_served_at_once_while_the_store_is_full_and_becomes_durable_when_it_has_space()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        world.Store.IsFull = true;
        await world.PassAsync(20, world.ServeBad);
        Assert.Equal((Phase.RolledBack, 0, false), (world.Rollout.State.Phase, world.CanaryUsers(), world.Rollout.IsDurable));
        Assert.Equal(Phase.Progressing, (await world.Store.FindAsync("support-agent", default))!.Phase);

        world.Store.IsFull = false;
        await world.PassAsync();
        Assert.True(world.Rollout.IsDurable);
        Assert.Equal(Phase.RolledBack, (await world.Store.FindAsync("support-agent", default))!.Phase);
    }

    [Fact]
    public async Task A_retry_that_meets_a_rollback_the_store_does_not_have_yet_comes_after_it()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        world.Store.IsFull = true;
        await world.CommandAsync(new RolloutCommand.Rollback());
        world.Store.IsFull = false;

        var retried = await world.CommandAsync(new RolloutCommand.Retry());

        Assert.Equal((CommandStatus.Done, 2), (retried.Status, world.Rollout.State.Attempt));
        var events = await world.Store.ReadEventsAsync("support-agent", 0, 100, default);
        Assert.Equal(["created", "stage_entered", "rolled_back", "retried"], events.Select(happened => happened.Type));
    }

    [Fact]
    public async Task Of_two_decisions_that_lower_the_canary_while_the_store_is_full_the_later_one_stays()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        world.Store.IsFull = true;
        await world.CommandAsync(new RolloutCommand.Pause());
        await world.CommandAsync(new RolloutCommand.Rollback());
        Assert.Equal((Phase.RolledBack, false), (world.Rollout.State.Phase, world.Rollout.IsDurable));

        world.Store.IsFull = false;
        await world.PassAsync();

        Assert.Equal((Phase.RolledBack, 0, true), (world.Rollout.State.Phase, world.CanaryUsers(), world.Rollout.IsDurable));
        Assert.Equal(Phase.RolledBack, (await world.Store.FindAsync("support-agent", default))!.Phase);
        Assert.Null(await world.Store.VerifyAsync("support-agent", default));
    }

    [Fact]
    public async Task More_canary_is_served_only_after_it_is_written()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        world.Store.IsFull = true;
        await world.PassAsync(40, world.ServeGood);
        Assert.Equal((0, Phase.Progressing), (world.Rollout.State.Stage, world.Rollout.State.Phase));
        Assert.Equal(CommandStatus.NotStored, (await world.CommandAsync(new RolloutCommand.Promote())).Status);
        Assert.InRange(world.CanaryUsers(), 400, 600);

        world.Store.IsFull = false;
        await world.PassAsync(2, world.ServeGood);
        Assert.Equal(Phase.Completed, world.Rollout.State.Phase);
    }

    [Fact]
    public async Task One_rollout_whose_store_fails_does_not_stop_another()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec("a"));
        await world.ApplyAsync(ControllerWorld.Spec("b"));
        await world.PassAsync();
        world.Store.Refuses = agent => agent == "a";
        await world.PassAsync(40, () =>
        {
            world.Serve(20, _ => OutcomeClass.Ok, "a");
            world.Serve(20, _ => OutcomeClass.Ok, "b");
        });
        Assert.Equal((Phase.Progressing, Phase.Completed), (world["a"].State.Phase, world["b"].State.Phase));
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_same_stage_users_soak_and_evidence()
    {
        using var before = new ControllerWorld();
        await before.ApplyAsync(ControllerWorld.Spec());
        await before.PassAsync(20, before.ServeGood);
        var users = before.CanaryUsers();

        using var after = new ControllerWorld(before.Store, before.Time);
        after.Health.Publish("support-agent", "v2", ControllerWorld.Healthy);
        await after.Controller.LoadAsync(default);
        Assert.Equal(users, after.CanaryUsers());
        Assert.Equal((before.Rollout.State.Revision, before.Rollout.State.Salt, before.Rollout.State.Stage), (after.Rollout.State.Revision, after.Rollout.State.Salt, after.Rollout.State.Stage));
        Assert.Equal(before.Rollout.Canary, after.Rollout.Canary);
        await after.PassAsync(9, after.ServeGood);
        Assert.Equal(Phase.Progressing, after.Rollout.State.Phase);
        await after.PassAsync(4, after.ServeGood);
        Assert.Equal(Phase.Completed, after.Rollout.State.Phase);
    }

    [Fact]
    public async Task A_restart_never_begins_an_ended_rollout_again()
    {
        using var before = new ControllerWorld();
        await before.ApplyAsync(ControllerWorld.Spec());
        await before.PassAsync();
        await before.CommandAsync(new RolloutCommand.Rollback { Actor = "cli", Reason = "odd tone" });

        using var after = new ControllerWorld(before.Store, before.Time);
        await after.Controller.LoadAsync(default);
        Assert.Equal(CommandStatus.Done, (await after.ApplyAsync(ControllerWorld.Spec())).Status);
        await after.PassAsync(5, after.ServeGood);
        Assert.Equal((Phase.RolledBack, 0), (after.Rollout.State.Phase, after.CanaryUsers()));
    }

    [Fact]
    public async Task A_safety_violation_takes_the_canary_to_nothing_without_waiting_for_a_tick()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        await world.Controller.StartAsync(default);
        world.Serve(20, variant => variant is Variant.Canary ? OutcomeClass.Safety : OutcomeClass.Ok);
        await Eventually.TrueAsync(() => world.Rollout.State.Phase is Phase.RolledBack);
        Assert.Equal(0, world.CanaryUsers());
        await world.Controller.StopAsync(default);
    }

    [Fact]
    public async Task An_unhealthy_canary_serves_nobody_and_the_rollout_waits_goes_on_or_rolls_back()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync(5, world.ServeGood);
        world.Health.Publish("support-agent", "v2", Unhealthy(world));
        await world.PassAsync();
        Assert.Equal((Phase.Paused, PauseReason.Health, 0), (world.Rollout.State.Phase, world.Rollout.State.Pause, world.CanaryUsers()));

        world.Health.Publish("support-agent", "v2", ControllerWorld.Healthy);
        await world.PassAsync();
        Assert.Equal(Phase.Progressing, world.Rollout.State.Phase);

        world.Health.Publish("support-agent", "v2", Unhealthy(world));
        await world.PassAsync(61);
        Assert.Equal(Phase.RolledBack, world.Rollout.State.Phase);
        Assert.Contains("connection refused", world.Rollout.State.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_starts_after_a_version_came_back_is_no_evidence_until_it_is_warm()
    {
        using var world = new ControllerWorld();
        var spec = ControllerWorld.Spec();
        await world.ApplyAsync(spec with { Stages = [spec.Stages[0] with { BakeTime = TimeSpan.FromHours(1) }, spec.Stages[1]], Analysis = spec.Analysis with { WarmUp = TimeSpan.FromSeconds(10) } });
        world.Health.Publish("support-agent", "v1", ControllerWorld.Healthy);
        await world.PassAsync(2, world.ServeGood);
        Assert.StartsWith("the versions warm up: ", world.Rollout.Decision.Reason, StringComparison.Ordinal);
        await world.PassAsync(30, world.ServeGood);
        Assert.DoesNotContain("warm up", world.Rollout.Decision.Reason, StringComparison.Ordinal);
        var judged = Judged(world);

        world.Health.Publish("support-agent", "v1", Unhealthy(world));
        await world.PassAsync();
        world.Health.Publish("support-agent", "v1", ControllerWorld.Healthy);
        await world.PassAsync();
        var (canary, control) = (world.Rollout.Canary.Requests, world.Rollout.Control.Requests);
        await world.PassAsync(8, world.ServeBad);
        Assert.StartsWith("the versions warm up: ", world.Rollout.Decision.Reason, StringComparison.Ordinal);
        Assert.Equal(judged, Judged(world));
        Assert.Equal(8 * 20, world.Rollout.Canary.Requests + world.Rollout.Control.Requests - canary - control);

        await world.PassAsync(30, world.ServeBad);
        Assert.Equal(Phase.RolledBack, world.Rollout.State.Phase);
        static (long, long) Judged(ControllerWorld world) => (world.Rollout.Analysis.Checks[1].CanaryCount, world.Rollout.Analysis.Checks[1].ControlCount);
    }

    [Fact]
    public async Task Applying_a_file_starts_goes_on_amends_refuses_or_supersedes()
    {
        using var world = new ControllerWorld();
        var spec = ControllerWorld.Spec();
        Assert.Equal(CommandStatus.Done, (await world.ApplyAsync(spec)).Status);
        await world.PassAsync();
        Assert.Equal((CommandStatus.Done, 2L), Told(await world.ApplyAsync(ControllerWorld.Spec())));
        Assert.Equal((CommandStatus.Done, 3L), Told(await world.ApplyAsync(spec with { Canary = spec.Canary with { Url = "http://127.0.0.1:3" } })));
        var others = spec with { Stages = [spec.Stages[0] with { MinRequests = 500 }, spec.Stages[1]] };
        Assert.Equal((CommandStatus.Refused, 3L), Told(await world.ApplyAsync(others)));
        Assert.Equal((CommandStatus.Done, 4L), Told(await world.ApplyAsync(others, supersede: true)));
        Assert.Equal((2, Phase.Pending), (world.Rollout.State.Attempt, world.Rollout.State.Phase));
        world.Health.Publish("support-agent", "v2", ControllerWorld.Healthy);
        await world.PassAsync();
        Assert.Equal(CommandStatus.Refused, (await world.ApplyAsync(ControllerWorld.Spec(stable: "v2", canary: "v3"))).Status);
        Assert.Equal(CommandStatus.Done, (await world.ApplyAsync(ControllerWorld.Spec(canary: "v3"))).Status);
        Assert.Equal((1, "v3"), (world.Rollout.State.Attempt, world.Rollout.State.Spec.Canary.Version));
        static (CommandStatus, long) Told(CommandResult result) => (result.Status, result.Snapshot!.State.Revision);
    }

    [Fact]
    public async Task A_file_that_keeps_nothing_of_its_shadow_any_more_is_amended_while_the_rollout_moves()
    {
        using var world = new ControllerWorld();
        var spec = ControllerWorld.Spec() with { Shadow = new() { Safe = ["/*"], Keep = 50 } };
        await world.ApplyAsync(spec);
        await world.PassAsync();

        var applied = await world.ApplyAsync(spec with { Shadow = spec.Shadow with { Keep = 0, Budget = new() { Requests = 5 } } });

        Assert.Equal((CommandStatus.Done, 3L, 1), (applied.Status, world.Rollout.State.Revision, world.Rollout.State.Attempt));
        Assert.Equal((0, 5), (world.Registry.Current["support-agent"].Spec.Shadow!.Keep, world.Registry.Current["support-agent"].Spec.Shadow!.Budget.Requests));
        Assert.Equal(CommandStatus.Refused, (await world.ApplyAsync(spec with { Shadow = null })).Status);
    }

    [Fact]
    public async Task Whoever_follows_hears_of_every_written_change_once_and_in_order()
    {
        using var world = new ControllerWorld();
        var following = HearAsync(world, untilRetries: 2);
        await Eventually.TrueAsync(() => world.Controller.Followers == 1);
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        await world.CommandAsync(new RolloutCommand.Rollback { Actor = "cli" });
        await world.CommandAsync(new RolloutCommand.Retry { Actor = "cli" });
        world.Health.Publish("support-agent", "v2", ControllerWorld.Healthy);
        await world.PassAsync();
        world.Store.IsFull = true;
        await world.CommandAsync(new RolloutCommand.Rollback { Actor = "cli" });
        await world.PassAsync(2);
        world.Store.IsFull = false;
        await world.PassAsync(2);
        await world.CommandAsync(new RolloutCommand.Retry { Actor = "cli" });
        Assert.Equal(["created", "stage_entered", "rolled_back", "retried", "stage_entered", "rolled_back", "retried"], await following);
    }

    [Fact]
    public async Task A_retry_asks_anew_whether_the_canary_is_there()
    {
        using var world = new ControllerWorld();
        await world.ApplyAsync(ControllerWorld.Spec());
        await world.PassAsync();
        await world.CommandAsync(new RolloutCommand.Rollback { Actor = "cli" });
        await world.CommandAsync(new RolloutCommand.Retry { Actor = "cli" });
        await world.PassAsync(3);
        Assert.Equal((Phase.Pending, 0), (world.Rollout.State.Phase, world.CanaryUsers()));
        world.Health.Publish("support-agent", "v2", ControllerWorld.Healthy);
        await world.PassAsync();
        Assert.Equal((Phase.Progressing, 2), (world.Rollout.State.Phase, world.Rollout.State.Attempt));
    }

    private static Task<List<string>> HearAsync(ControllerWorld world, int untilRetries) => Task.Run(async () =>
    {
        var heard = new List<string>();
        await foreach (var news in world.Controller.FollowAsync(CancellationToken.None))
        {
            if (news.Event is { } happened) heard.Add(happened.Type);
            if (heard.Count(type => type == "retried") == untilRetries) break;
        }
        return heard;
    });

    private static VersionHealth Unhealthy(ControllerWorld world) => new(true, 3, world.Time.GetUtcNow(), "connection refused") { IsProbed = true };
}
