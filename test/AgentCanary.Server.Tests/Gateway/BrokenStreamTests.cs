using AgentCanary.Server.Controller;
using AgentCanary.Server.Health;
using AgentCanary.Server.Pins;
using AgentCanary.Server.Tests.Controller;
using AgentCanary.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary.Server.Gateway;

/// <summary>From bytes on the wire to a decision: nothing but the protocol shows that this canary is bad.</summary>
public sealed class BrokenStreamTests
{
    [Fact]
    public async Task A_canary_that_answers_200_and_breaks_every_tenth_stream_is_rolled_back()
    {
        var asked = 0;
        string[] whole = [ChatAgent.Role, ChatAgent.Chunk("""{"content":"It left today."}"""), ChatAgent.Chunk("{}", "\"stop\""), ChatAgent.Done];
        await using var stable = await TestAgent.StartAsync(context => ChatAgent.StreamAsync(context, whole));
        await using var canary = await TestAgent.StartAsync(context => ChatAgent.StreamAsync(context, Interlocked.Increment(ref asked) % 10 == 0 ? whole[..2] : whole));
        var time = new ManualTimeProvider();
        var spec = Some.Spec(stable.Address, canary.Address);
        spec = spec with { Stages = [spec.Stages[0] with { BakeTime = TimeSpan.FromDays(1), Checks = [Check.Parse("error_rate_delta < 0.01")] }, spec.Stages[1]] };
        await using var gateway = await GatewayHost.StartAsync(time, _ => { }, spec);
        var health = new HealthBoard();
        health.Publish(spec.Agent, spec.Canary.Version, ControllerWorld.Healthy);
        using var pins = new PinBoard();
        using var controller = new RolloutController(new BrittleStore(), gateway.Get<RolloutRegistry>(), health, pins, gateway.Counters, time, NullLogger<RolloutController>.Instance);
        await controller.ApplyAsync(spec, supersede: false, "cli", default);

        for (var second = 0; second < 100 && controller.Find(spec.Agent)!.State.Phase != Phase.RolledBack; second++)
        {
            for (var i = 0; i < 20; i++) await gateway.Client.SendAsync("POST", ChatAgent.Route, $$"""{"stream":true,"user":"user-{{second}}-{{i}}"}""");
            await gateway.BalanceAsync();
            time.Advance(TimeSpan.FromSeconds(1));
            await controller.TickAsync(default);
        }

        var state = controller.Find(spec.Agent)!.State;
        Assert.Equal(Phase.RolledBack, state.Phase);
        Assert.Contains("fail on canary vs 0 % on stable", state.Reason, StringComparison.Ordinal);
        Assert.All(gateway.Outcomes.All, told => Assert.True(told.Outcome.Class is OutcomeClass.Ok || told.Assignment.Arm is Arm.Canary));
        Assert.Equal(asked / 10, gateway.Outcomes.All.Count(told => told.Outcome.Class is OutcomeClass.StreamBroken));
    }
}
