using System.Net;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A shadow that calls agents behind other gateways of one trust: they know it for a shadow, and nobody else can pass for one.</summary>
public sealed class NestedShadowTests : IDisposable
{
    private readonly DirectoryInfo _shared = Directory.CreateTempSubdirectory("nested-shadow-test-");

    public void Dispose() => _shared.Delete(recursive: true);

    [Theory]
    [InlineData("baggage", "v1.1.0"), InlineData("X-Canary-Pin", "v1.1.0"), InlineData("baggage", "v7"), InlineData("X-Canary-Pin", "v7")]
    public async Task What_a_shadow_asks_of_agents_behind_other_gateways_is_marked_and_is_no_evidence(string header, string version)
    {
        await using var leaf = await TestAgent.StartAsync("leaf");
        await using var second = await StartAsync(_shared, Shadowed(leaf, leaf, version));
        await using var root = await TestAgent.StartAsync("root");
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            await second.Client.SendAsync("POST", "/tools", "{}", headers: [(header, context.Request.Headers[header].ToString()), ("X-Canary-Shadow", "1")]);
            await context.Response.WriteAsync("root");
        });
        await using var first = await StartAsync(_shared, Shadowed(root, canary, "v1.1.0"));

        Assert.Equal("root", (await first.Client.SendAsync("POST", "/chat", "{}", headers: ("baggage", "tenant=7"))).Body);
        await Eventually.TrueAsync(() => first.Counters.Shadows.GetValueOrDefault("support-agent") is { Sent: 1 });

        await second.BalanceAsync();
        var assignment = Assert.Single(second.Outcomes.All).Assignment;
        Assert.Equal((Arm.Outside, version == "v1.1.0" ? version : "v1.0.0"), (assignment.Arm, assignment.Version));
        var asked = Assert.Single(leaf.Requests).Headers; // and not shown to a further shadow
        Assert.Equal("1", asked["x-canary-shadow"]);
        Assert.Equal(1, asked["baggage"].Split("canary-shadow=1").Length - 1);
        Assert.Equal(canary.Requests.Single().Headers["x-canary-pin"], asked["x-canary-pin"]);
        Assert.Equal((0, 0), (second.Counters.HeadersStripped, second.Counters.Shadows.Count));
    }

    [Theory]
    [InlineData("canary-shadow=1"), InlineData("a=1, Canary-Shadow = 1;x=2"), InlineData("canary-shadow=1,canary.pin=AgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Who_only_says_that_he_is_a_shadow_is_counted_as_anybody_and_shown_to_no_other(string baggage)
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        await using var gateway = await StartAsync(_shared, Shadowed(stable, canary, "v1.1.0"));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync("POST", "/chat", "{}", headers: [("baggage", baggage), ("X-Canary-Shadow", "1")])).Status);
        await gateway.Client.SendAsync("POST", "/last", "{}");
        await Eventually.TrueAsync(() => gateway.Counters.Shadows.GetValueOrDefault("support-agent") is { Sent: 1 });

        await gateway.BalanceAsync();
        Assert.All(gateway.Outcomes.All, outcome => Assert.Equal(Arm.Control, outcome.Assignment.Arm));
        var asked = stable.Requests.First().Headers;
        Assert.DoesNotContain("x-canary-shadow", asked.Keys);
        Assert.Contains("anary-", asked["baggage"], StringComparison.Ordinal); // it passes as it came: a gateway between that shares no key must not make a shadow act
        Assert.Equal("POST /last", canary.Requests.Single().Line);
    }

    [Fact]
    public async Task A_shadow_of_another_key_is_no_shadow_here()
    {
        await using var agent = await TestAgent.StartAsync("ok");
        await using var gateway = await StartAsync(_shared, Some.Spec(agent.Address, agent.Address, percent: 0));
        var pin = new VersionPins(new(new byte[32]), TimeProvider.System).Make(new(1, IsShadow: true), DateTimeOffset.UtcNow);
        await gateway.Client.SendAsync("GET", "/", headers: ("X-Canary-Pin", pin));
        await gateway.BalanceAsync();
        Assert.Equal(Arm.Control, Assert.Single(gateway.Outcomes.All).Assignment.Arm);
        Assert.DoesNotContain("x-canary-shadow", agent.Requests.Single().Headers.Keys);
    }

    private static Task<GatewayHost> StartAsync(DirectoryInfo shared, RolloutSpec spec) => GatewayHost.StartAsync(options => options.DataDirectory = shared.FullName, spec);

    private static RolloutSpec Shadowed(TestAgent stable, TestAgent canary, string version)
    {
        var spec = Some.Spec(stable.Address, canary.Address, percent: 0);
        return spec with
        {
            Canary = spec.Canary with { Version = version },
            Stages = [spec.Stages[0] with { Shadow = Weight.Full }, spec.Stages[1]],
            Shadow = new() { Safe = ["/*"] },
        };
    }
}
