using AgentCanary.Control;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Tests.Hosting;

public sealed class HostedDeploymentTests
{
    [Fact]
    public async Task A_good_canary_is_promoted_through_every_stage_and_completes_and_all_of_it_is_written()
    {
        await using var world = await HostedWorld.StartAsync();
        Assert.Equal((0, "v1"), (world.Status.StageIndex, world.Status.StableVersion));
        var stages = new List<int>();
        for (var period = 0; period < 5; period++)
        {
            await world.PassAsync(before: () => world.Serve());
            stages.Add(world.Status.StageIndex);
        }
        Assert.Equal([0, 1, 1, 2, 2], stages);
        Assert.Equal((Phase.Completed, Weight.Full, "v2"), (world.Status.Phase, world.Status.Weight, world.Canary.Route("anybody")));
        await world.AssertWrittenAsync("created", "stage_entered", "stage_entered", "stage_entered", "completed");
    }

    [Fact]
    public async Task A_safety_violation_rolls_back_at_once_without_any_time_passing()
    {
        var urgent = 0;
        await using var world = await HostedWorld.StartAsync(configure: options =>
        {
            HostedWorld.Standard(options);
            options.Deployment.Urgent = () => Interlocked.Increment(ref urgent);
        });
        world.Canary.Record("v2", new Outcome { Class = OutcomeClass.Safety });
        await Eventually.TrueAsync(() => world.Status.Phase is Phase.RolledBack);
        await world.AllWaitAsync();
        Assert.Equal(1, urgent); // the host's wake-up leaves the user's own in place
        await world.AssertWrittenAsync("created", "stage_entered", "rolled_back");
    }

    [Fact]
    public async Task A_bad_canary_is_rolled_back_at_the_next_evaluation_and_stays_so()
    {
        await using var world = await HostedWorld.StartAsync();
        await world.PassAsync(before: () => world.Serve(canaryFailsEvery: 4));
        Assert.Equal((Phase.RolledBack, Weight.None), (world.Status.Phase, world.Status.Weight));
        await world.PassAsync(5, () => world.Serve());
        await world.AssertWrittenAsync("created", "stage_entered", "rolled_back");
    }

    [Fact]
    public async Task What_people_ask_is_written_at_once_with_every_state_as_it_was()
    {
        await using var world = await HostedWorld.StartAsync();
        RolloutCommand[] commands =
        [
            new RolloutCommand.Pause { Actor = "cli" }, new RolloutCommand.Resume(), new RolloutCommand.Promote(),
            new RolloutCommand.Rollback { Actor = "cli", Reason = "odd tone" }, new RolloutCommand.Retry(),
        ];
        var states = new List<RolloutState>();
        world.Store.OnWrite = state =>
        {
            states.Add(state);
            return Task.CompletedTask;
        };
        foreach (var command in commands) world.Canary.Command(command);
        await Eventually.TrueAsync(() => states.Count == 6);
        await world.AllWaitAsync();

        await world.AssertWrittenAsync("created", "stage_entered", "paused", "resumed", "stage_entered", "rolled_back", "retried", "stage_entered");
        Assert.Equal(
            [(Phase.Paused, 0, 1), (Phase.Progressing, 0, 1), (Phase.Progressing, 1, 1), (Phase.RolledBack, 1, 1), (Phase.Pending, 0, 2), (Phase.Progressing, 0, 2)],
            states.Select(state => (state.Phase, state.Stage, state.Attempt)));
        var told = (await world.StoredEventsAsync())[5];
        Assert.Equal(("cli", "odd tone"), (told.Actor, told.Reason));
    }

    [Fact]
    public async Task A_new_attempt_is_not_judged_by_the_evidence_of_the_one_before()
    {
        await using var world = await HostedWorld.StartAsync();
        await world.PassAsync(before: () => world.Serve(canaryFailsEvery: 4));
        Assert.Equal(Phase.RolledBack, world.Status.Phase);
        world.Canary.Command(new RolloutCommand.Retry());
        Assert.IsType<Decision.Promote>(world.Canary.Command(new RolloutCommand.Promote()));
        await world.PassAsync(before: () => world.Serve());
        Assert.Equal((Phase.Progressing, 1, 2), (world.Status.Phase, world.Status.StageIndex, world.Status.Attempt));
    }

    [Fact]
    public async Task What_was_asked_just_before_the_end_is_written_when_the_host_stops()
    {
        var store = new BrittleStore();
        var world = await HostedWorld.StartAsync(store);
        store.OnKeep = BrittleStore.Fail;
        world.Canary.Command(new RolloutCommand.Pause());
        await Eventually.TrueAsync(() => world.Logger.Lines.Any(line => line.Id == 1003));
        await world.AllWaitAsync();
        store.OnKeep = () => { };
        await world.DisposeAsync();
        Assert.Equal(Phase.Paused, (await world.StoredAsync()).Phase);
    }

    [Fact]
    public async Task Agents_live_side_by_side_each_by_its_key_and_the_first_without_one()
    {
        await using var world = await HostedWorld.StartAsync(null, null, (HostedWorld.Agent, HostedWorld.Standard), ("search-agent", HostedWorld.Versions("a", "b")));
        var search = world.Services.GetRequiredKeyedService<CanaryDeployment>("search-agent");
        Assert.Same(world.Canary, world.Services.GetRequiredKeyedService<CanaryDeployment>(HostedWorld.Agent));
        Assert.NotEqual(world.Canary.State.Salt, search.State.Salt);

        search.Record("b", new Outcome { Class = OutcomeClass.Safety });
        await Eventually.TrueAsync(() => search.Status.Phase is Phase.RolledBack);
        await world.PassAsync(2, () => world.Serve());
        Assert.Equal((Phase.Progressing, 1), (world.Status.Phase, world.Status.StageIndex));
        Assert.Equal([("search-agent", Phase.RolledBack), (HostedWorld.Agent, Phase.Progressing)], (await world.Store.ReadAllAsync(default)).Select(state => (state.Agent, state.Phase)));
        Assert.Null(await world.Store.VerifyAsync("search-agent", default));
        Assert.Null(await world.Store.VerifyAsync(HostedWorld.Agent, default));
    }

    [Theory]
    [InlineData("v1", "v1", 60, 0.05, "both 'v1'")]
    [InlineData("", "v2", 60, 0.05, "stableVersion")]
    [InlineData("v1", "v2", 0.001, 0.05, "EvaluationPeriod is 00:00:00.0010000; it is 10 ms to 1 h")]
    [InlineData("v1", "v2", 3601, 0.05, "EvaluationPeriod is 01:00:01; it is 10 ms to 1 h")]
    [InlineData("v1", "v2", 60, 1.5, "RollbackMargin is 1.5; it is a fraction of 0 to 1")]
    public async Task Terms_that_break_a_rule_are_refused_at_the_start_with_the_value_and_the_rule(string stable, string canary, double seconds, double margin, string expected)
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => HostedWorld.StartAsync(configure: options =>
        {
            (options.StableVersion, options.CanaryVersion, options.EvaluationPeriod) = (stable, canary, TimeSpan.FromSeconds(seconds));
            options.Deployment.RollbackMargin = margin;
        }));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_is_legal_and_stands_for_one_rollout()
    {
        var refusal = await Assert.ThrowsAnyAsync<ArgumentException>(() => HostedWorld.StartAsync(null, null, ("Support Agent", HostedWorld.Standard)));
        Assert.Contains("'Support Agent' is not [a-z0-9._-]{1,64}", refusal.Message, StringComparison.Ordinal);

        var services = new ServiceCollection().AddAgentCanary("twice", HostedWorld.Standard);
        Assert.Contains("'twice' is registered already", Assert.Throws<ArgumentException>(() => services.AddAgentCanary("twice", HostedWorld.Standard)).Message, StringComparison.Ordinal);
    }
}
