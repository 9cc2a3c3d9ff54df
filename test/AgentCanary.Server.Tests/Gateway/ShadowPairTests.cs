using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Health;
using AgentCanary.Server.Pins;
using AgentCanary.Server.Tests.Controller;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary.Server.Gateway;

public sealed class ShadowPairTests
{
    private const string Question = """{"q":"Mail me at ann@example.com"}""";

    [Fact]
    public async Task Of_a_comparison_digest_length_and_similarity_are_kept_and_no_word_of_anybody()
    {
        await using var world = await World.StartAsync(new() { Safe = ["/*"] }, canary: "from stable nobody");
        await world.AskAsync(2);
        var pairs = world.Pairs;
        Assert.Equal(2, pairs.Length);
        Assert.All(pairs, pair => Assert.Null(pair.Request.Redacted ?? pair.Stable.Redacted ?? pair.Canary!.Redacted));
        var (newest, oldest) = (pairs[0], pairs[1]);
        Assert.Equal((Question.Length, "from stable 1".Length, 200, "POST /chat"), (newest.Request.Length, newest.Stable.Length, newest.Status, newest.Line));
        Assert.Equal(oldest.Request.Digest, newest.Request.Digest);
        Assert.NotEqual(oldest.Stable.Digest, newest.Stable.Digest);
        Assert.Equal((false, 0.5), (newest.Agrees, newest.Similarity));
    }

    [Fact]
    public async Task A_file_that_keeps_pairs_lets_the_newest_be_read_redacted()
    {
        await using var world = await World.StartAsync(new() { Safe = ["/*"], Keep = 3 });
        await world.AskAsync(5);
        var pairs = world.Pairs;
        Assert.Equal(["from stable 4", "from stable 3", "from stable 2"], pairs.Select(pair => pair.Stable.Redacted));
        Assert.All(pairs, pair => Assert.Equal(("""{"q":"Mail me at [email]"}""", "write to [email]"), (pair.Request.Redacted, pair.Canary!.Redacted)));
    }

    [Fact]
    public async Task A_long_text_is_cut_after_it_was_redacted()
    {
        await using var world = await World.StartAsync(new() { Safe = ["/*"], Keep = 3 }, canary: string.Concat(Enumerable.Repeat("a@b.de ", 20_000)));
        await world.AskAsync(1);
        var text = world.Pairs.Single().Canary!.Redacted!;
        Assert.StartsWith("[email] [email]", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 8_192, 8_300);
        Assert.DoesNotContain('@', text);
    }

    [Fact]
    public async Task Pairs_go_when_their_time_is_over_though_nobody_looks()
    {
        var time = new ManualTimeProvider();
        await using var world = await World.StartAsync(new() { Safe = ["/*"], Keep = 3, KeepFor = TimeSpan.FromHours(1) }, time);
        await world.AskAsync(1);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Single(world.Pairs);
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(world.Pairs);
    }

    [Fact]
    public async Task A_file_that_does_not_ask_for_texts_any_more_takes_them_away_at_once()
    {
        await using var world = await World.StartAsync(new() { Safe = ["/*"], Keep = 3 });
        await world.AskAsync(1);
        Assert.NotNull(world.Pairs.Single().Stable.Redacted);
        await world.ApplyAsync(new() { Safe = ["/*"] });
        Assert.Null(world.Pairs.Single().Stable.Redacted);
    }

    [Fact]
    public async Task Pairs_are_shown_to_people_by_the_api_as_they_are_kept()
    {
        await using var world = await World.StartAsync(new() { Safe = ["/*"], Keep = 3 });
        await world.AskAsync(1);
        await using var host = await AdminHost.StartAsync(new FakeRollouts().With(FakeRollouts.Snapshot(new() { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing })), services => services.AddSingleton(world.Gateway.Get<ShadowPairs>()));
        using var client = new TestClient(host.Address);
        var pair = world.Pairs.Single();
        var answer = await client.SendAsync("GET", "/api/v1/rollouts/support-agent/shadow");
        var view = Assert.Single(System.Text.Json.JsonSerializer.Deserialize(answer.Body, ApiJson.Wire.ImmutableArrayPairView));
        Assert.Equal(("from stable 0", "write to [email]", pair.Request.Digest, "v1.1.0", 0), (view.Stable.Text, view.Canary!.Text, view.Request.Digest, view.Version, view.Stage));
        Assert.Contains("\"judge\":null,\"agrees\":false", answer.Body, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await client.SendAsync("GET", "/api/v1/rollouts/nobody/shadow")).Status);
    }

    private sealed class World(TestAgent stable, TestAgent canary, GatewayHost gateway, RolloutSpec spec) : IAsyncDisposable
    {
        public GatewayHost Gateway => gateway;

        public System.Collections.Immutable.ImmutableArray<ShadowPair> Pairs => gateway.Get<ShadowPairs>().Read("support-agent");

        public static async Task<World> StartAsync(ShadowSpec shadow, TimeProvider? time = null, string canary = "write to bob@example.com")
        {
            var answers = 0;
            var stable = await TestAgent.StartAsync(context => context.Response.WriteAsync($"from stable {answers++}"));
            var other = await TestAgent.StartAsync(canary);
            var spec = Some.Spec(stable.Address, other.Address, percent: 0);
            spec = spec with { Stages = [spec.Stages[0] with { Shadow = Weight.Full }, spec.Stages[1]], Shadow = shadow };
            return new(stable, other, await GatewayHost.StartAsync(time ?? TimeProvider.System, _ => { }, spec), spec);
        }

        public async Task AskAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await gateway.Client.SendAsync("POST", "/chat", Question);
                await Eventually.TrueAsync(() => gateway.Counters.Shadows.GetValueOrDefault("support-agent") is { Pending: 0 } counts && counts.Sent == i + 1);
            }
        }

        /// <summary>Applies the file with another shadow, by a controller that knows the rollout.</summary>
        public async Task ApplyAsync(ShadowSpec shadow)
        {
            var (store, registry, health) = (new BrittleStore(), gateway.Get<RolloutRegistry>(), new HealthBoard());
            using var controller = new RolloutController(store, registry, health, gateway.Get<PinBoard>(), gateway.Counters, TimeProvider.System, NullLogger<RolloutController>.Instance);
            await controller.ApplyAsync(spec, supersede: false, "cli", default);
            Assert.Equal(CommandStatus.Done, (await controller.ApplyAsync(spec with { Shadow = shadow }, supersede: false, "cli", default)).Status);
        }

        public async ValueTask DisposeAsync()
        {
            await gateway.DisposeAsync();
            await stable.DisposeAsync();
            await canary.DisposeAsync();
        }
    }
}
