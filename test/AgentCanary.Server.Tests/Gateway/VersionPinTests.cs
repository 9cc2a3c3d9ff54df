using System.Security.Cryptography;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A version that was decided at the root of a call tree is kept by the agents behind other gateways; nobody else can choose one.</summary>
public sealed class VersionPinTests : IDisposable
{
    private readonly DirectoryInfo _shared = Directory.CreateTempSubdirectory("version-pin-test-");

    public void Dispose() => _shared.Delete(recursive: true);

    [Theory]
    [InlineData("X-Canary-Pin", 100, Some.Canary)]
    [InlineData("X-Canary-Pin", 0, Some.Stable)]
    [InlineData("baggage", 100, Some.Canary)]
    [InlineData("baggage", 0, Some.Stable)]
    public async Task The_roots_version_is_kept_by_agents_behind_other_gateways_outside_their_analysis(string header, double percent, string expected)
    {
        await using var leaf = await TestAgent.StartAsync("leaf");
        await using var second = await StartAsync(leaf.Address, 100 - percent);
        await using var root = await TestAgent.StartAsync(context => CallOnAsync(context, second, header));
        await using var first = await StartAsync(root.Address, percent);

        var answer = await first.Client.SendAsync("GET", "/", headers: ("baggage", "tenant=7;ttl=1 , user=a%20b"));

        Assert.Equal((expected, expected), (answer.Header("X-Canary-Version"), answer.Body));
        await second.BalanceAsync();
        var assignment = Assert.Single(second.Outcomes.All).Assignment;
        Assert.Equal((AssignmentReason.Pinned, Arm.Outside), (assignment.Reason, assignment.Arm));
        Assert.StartsWith("tenant=7;ttl=1 , user=a%20b,canary.pin=", root.Requests.Single().Headers["baggage"], StringComparison.Ordinal);
        // What goes on is the root's own word, not a new one.
        Assert.Equal(root.Requests.Single().Headers["x-canary-pin"], leaf.Requests.Single().Headers["x-canary-pin"]);
        Assert.Equal(0, second.Counters.HeadersStripped);
    }

    [Fact]
    public async Task A_pin_of_another_key_is_taken_off_and_decides_nothing()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await StartAsync(agent.Address, 0);
        var foreign = Make(RandomNumberGenerator.GetBytes(32), Some.Canary, DateTimeOffset.UtcNow);

        var answer = await gateway.Client.SendAsync("GET", "/", headers: [("X-Canary-Pin", foreign), ("baggage", $"a=1,canary.pin={foreign},b=2")]);

        Assert.Equal(Some.Stable, answer.Header("X-Canary-Version"));
        var sent = agent.Requests.Single().Headers;
        Assert.NotEqual(foreign, sent["x-canary-pin"]);
        Assert.Equal($"a=1,b=2,canary.pin={sent["x-canary-pin"]}", sent["baggage"]);
        Assert.Equal(1, gateway.Counters.HeadersStripped);
    }

    [Fact]
    public async Task A_pin_of_a_version_that_this_rollout_does_not_know_decides_nothing_and_goes_on()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await StartAsync(agent.Address, 0);
        var pin = Make(Key, "v9.9.9", DateTimeOffset.UtcNow);

        Assert.Equal(Some.Stable, (await gateway.Client.SendAsync("GET", "/", headers: ("X-Canary-Pin", pin))).Header("X-Canary-Version"));

        Assert.Equal(pin, agent.Requests.Single().Headers["x-canary-pin"]);
        await gateway.BalanceAsync();
        Assert.Equal(AssignmentReason.Unkeyed, Assert.Single(gateway.Outcomes.All).Assignment.Reason);
    }

    [Fact]
    public async Task Without_a_rollout_that_moves_nothing_is_pinned()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await StartAsync(agent.Address, 100);
        var runtime = gateway.Get<RolloutRegistry>().Current["support-agent"];
        runtime.Publish(runtime.State with { Phase = Phase.Completed });
        await gateway.Client.SendAsync("GET", "/");
        Assert.DoesNotContain(agent.Requests.Single().Headers.Keys, name => name is "x-canary-pin" or "baggage");
    }

    [Fact]
    public void A_pin_is_read_for_its_time_and_no_longer_and_no_decision_id_is_one()
    {
        var time = new ManualTimeProvider();
        var ids = new DecisionIds(Key);
        var pins = new VersionPins(ids, time);
        var (day, now) = (TimeSpan.FromDays(1), time.GetUtcNow());
        var pin = pins.Make(new(VersionPins.NumberOf("v2"), IsShadow: false), now);

        Assert.Equal(new(VersionPins.NumberOf("v2"), IsShadow: false), pins.TryRead(pin, day));
        Assert.Equal(new PinnedVersion(7, IsShadow: true), pins.TryRead(pins.Make(new(7, IsShadow: true), now), day));
        Assert.False(ids.TryRead(pin, out _));
        Assert.Null(pins.TryRead(ids.Make(1, new() { Version = "v2" }, now), day));
        Assert.Null(pins.TryRead(pins.Make(new(1, IsShadow: false), now.AddMinutes(10)), day));
        for (var i = 0; i < pin.Length; i++) Assert.Null(pins.TryRead($"{pin[..i]}{(pin[i] == 'A' ? 'B' : 'A')}{pin[(i + 1)..]}", day));
        time.Advance(TimeSpan.FromHours(23));
        Assert.NotNull(pins.TryRead(pin, day));
        time.Advance(TimeSpan.FromHours(2));
        Assert.Null(pins.TryRead(pin, day));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("a=1", null, "a=1,canary.pin=P")]
    [InlineData("canary.pin=x", "x", "canary.pin=P")]
    [InlineData(" Canary.Pin = x ;meta=1 , a=1", "x", " a=1,canary.pin=P")]
    [InlineData("canary.pin=x,canary.pin=y", null, "canary.pin=P")]
    [InlineData("canary.pinned=x,,", null, "canary.pinned=x,canary.pin=P")]
    public void Of_baggage_only_our_own_member_is_read_and_replaced(string header, string? found, string? with)
    {
        Assert.Equal(found, Baggage.Find(header));
        Assert.Equal(with ?? "canary.pin=P", Baggage.With(header, new("P")));
    }

    [Fact]
    public void Baggage_that_is_as_long_as_everybody_passes_on_stays_as_it_is()
    {
        var full = "a=" + new string('x', 8180);
        Assert.Equal(full, Baggage.With(full, new("P")));
        Assert.Null(Baggage.With("canary.pin=x", null));
        // But for a shadow, which must not lose its mark.
        Assert.Equal("canary.pin=P,canary-shadow=1", Baggage.With(full, new("P", IsShadow: true)));
    }

    private byte[] Key => DecisionKey.FindOrMake(_shared.FullName);

    private static string Make(byte[] key, string version, DateTimeOffset now) => new VersionPins(new(key), TimeProvider.System).Make(new(VersionPins.NumberOf(version), IsShadow: false), now);

    private Task<GatewayHost> StartAsync(Uri agent, double percent) =>
        GatewayHost.StartAsync(options => options.DataDirectory = _shared.FullName, Some.Spec(agent, agent, percent));

    private static async Task CallOnAsync(HttpContext context, GatewayHost next, string header)
    {
        var carried = context.Request.Headers[header].ToString();
        var answer = await next.Client.SendAsync("GET", "/", headers: (header, carried));
        await context.Response.WriteAsync(answer.Header("X-Canary-Version")!);
    }
}
