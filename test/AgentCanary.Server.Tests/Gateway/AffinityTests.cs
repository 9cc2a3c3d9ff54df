using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.Extensions.Logging;
using Xunit.Abstractions;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// 200 conversations at once, each turn under another user's key, while the weight changes all the time: none ever reaches the version that did not make its ids. With
/// <c>AGENTCANARY_LONG=1</c> each has 2,000 turns.
/// </summary>
public sealed class AffinityTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Conversations = 200;

    private readonly StatefulAgent _stable = new("v1");
    private readonly StatefulAgent _canary = new("v2");
    private TestAgent _stableHost = null!;
    private TestAgent _canaryHost = null!;

    private static int Turns => Environment.GetEnvironmentVariable("AGENTCANARY_LONG") == "1" ? 2000 : 30;

    public async Task InitializeAsync()
    {
        _stableHost = await TestAgent.StartAsync(_stable.AnswerAsync, readsBody: false);
        _canaryHost = await TestAgent.StartAsync(_canary.AnswerAsync, readsBody: false);
    }

    public async Task DisposeAsync()
    {
        await _stableHost.DisposeAsync();
        await _canaryHost.DisposeAsync();
    }

    [Fact]
    public async Task No_conversation_changes_its_version_while_the_weight_goes_up_and_down()
    {
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(_stableHost.Address, _canaryHost.Address));
        var runtime = gateway.Get<RolloutRegistry>().Current["support-agent"];
        var random = new Random(1);
        await TalkAsync(() => gateway.Address, () =>
        {
            var stages = runtime.State.Spec.Stages.SetItem(0, new Stage(new(random.Next(Weight.Scale + 1))) { Name = "first" });
            runtime.Publish(runtime.State with { Revision = runtime.State.Revision + 1, Spec = runtime.State.Spec with { Stages = stages } });
            return Task.CompletedTask;
        });
    }

    [Fact]
    public async Task No_conversation_changes_its_version_over_promotions_and_restarts_of_the_server()
    {
        var directory = Directory.CreateTempSubdirectory("affinity-test-");
        var server = await StartAsync(directory.FullName);
        var (steps, restarts) = (0, 0);
        await Eventually.TrueAsync(() => server.Host.Rollouts.Find("support-agent")!.State.Phase is Phase.Progressing);
        for (var stage = 0; stage < 8; stage++) await server.Host.Rollouts.CommandAsync("support-agent", new RolloutCommand.Promote(), default);
        await TalkAsync(() => Volatile.Read(ref server).Address, async () =>
        {
            if (++steps % 6 == 0)
            {
                restarts++;
                await server.StopAsync();
                var next = await StartAsync(directory.FullName);
                await next.ServeCanaryAsync();
                Volatile.Write(ref server, next);
            }

            await server.Host.Rollouts.CommandAsync("support-agent", new RolloutCommand.Promote(), default);
        });
        output.WriteLine($"{restarts} restarts, now {server.Host.Rollouts.Find("support-agent")!.State.Phase}");
        Assert.NotEqual(0, restarts);
        await server.StopAsync();
        directory.Delete(recursive: true);
    }

    private async Task TalkAsync(Func<Uri> address, Func<Task> change)
    {
        var talkers = Enumerable.Range(0, Conversations).Select(number => new Talker(address, number)).ToArray();
        var talking = Task.WhenAll(talkers.Select(talker => Task.Run(() => talker.TalkAsync(Turns))));
        do
        {
            await change();
            await Task.WhenAny(talking, Task.Delay(50));
        }
        while (!talking.IsCompleted);
        await talking;

        output.WriteLine($"{_stable.Known} known to stable, {_canary.Known} to the canary; {_stable.Foreign + _canary.Foreign} foreign, {talkers.Sum(talker => talker.Refused)} refused");
        Assert.Equal((0L, 0L, 0), (_stable.Foreign, _canary.Foreign, talkers.Sum(talker => talker.Refused)));
        Assert.True(_stable.Known > 0 && _canary.Known > 0, "Both versions must have conversations, or nothing was shown.");
    }

    private async Task<RunningServer> StartAsync(string directory)
    {
        var percents = Enumerable.Range(1, 19).Select(step => 5.0 * step);
        var spec = Some.Spec(_stableHost.Address, _canaryHost.Address) with
        {
            Stages = [.. percents.Select(percent => new Stage(Weight.FromPercent(percent)) { Name = $"at-{percent}", BakeTime = TimeSpan.FromDays(1), Checks = [] }), new(Weight.Full) { Name = "full", BakeTime = TimeSpan.FromDays(1), Checks = [] }],
        };
        return await RunningServer.StartAsync(directory, [spec]);
    }

    private sealed class RunningServer(ServerHost host)
    {
        private readonly CancellationTokenSource _stop = new();
        private Task _running = Task.CompletedTask;

        public ServerHost Host => host;

        public Uri Address { get; } = host.Listen;

        public static async Task<RunningServer> StartAsync(string directory, ImmutableArray<RolloutSpec> specs)
        {
            var any = new Uri("http://127.0.0.1:0");
            var host = await ServerHost.StartAsync(new() { DataDirectory = directory, Listen = any, Admin = any }, specs, supersede: false, logging => logging.ClearProviders(), default);
            var server = new RunningServer(host);
            server._running = host.RunAsync(server._stop.Token);
            return server;
        }

        // On a machine that stalls the first probe may fail: until the next one the canary is down, and stable serves in its place.
        public async Task ServeCanaryAsync()
        {
            using var client = new TestClient(Address);
            while ((await client.SendAsync("GET", "/ping")).Header("X-Canary-Variant") != "canary") await Task.Delay(10);
        }

        public async Task StopAsync()
        {
            await _stop.CancelAsync();
            await _running;
            await host.DisposeAsync();
            _stop.Dispose();
        }
    }
}
