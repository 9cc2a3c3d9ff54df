using System.Net;

namespace AgentCanary.Server.Gateway;

public sealed class HeaderTests
{
    private static readonly string[] Names = ["x-canary", "x-canary-version", "x-canary-variant", "x-canary-decision", "x-canary-pin", "x-canary-key-auth", "x-canary-rescued"];

    public static TheoryData<string, bool> Spellings
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var name in Names)
            {
                var title = System.Globalization.CultureInfo.InvariantCulture.TextInfo.ToTitleCase(name);
                foreach (var spelling in new HashSet<string> { name, name.ToUpperInvariant(), title, name.Replace('-', '_'), title.Replace('-', '_'), name[..2].Replace('-', '_') + name[2..] })
                    foreach (var isRepeated in new[] { false, true })
                        data.Add(spelling, isRepeated);
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Spellings))]
    public async Task Nobody_from_outside_can_choose_or_fake_a_variant_in_any_spelling(string name, bool isRepeated)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, canary.Address, percent: 0));
        var header = $"{name}: {(name.EndsWith("ersion", StringComparison.OrdinalIgnoreCase) ? Some.Canary : "true")}\r\n";
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{header}{(isRepeated ? header : "")}\r\n");
        var (text, _) = await client.ReadToEndAsync();
        Assert.Contains("X-Canary-Variant: stable\r\n", text, StringComparison.Ordinal);
        Assert.Equal(2, text.Split("X-Canary-V", StringSplitOptions.None).Length - 1 - (text.Contains("X-Canary-Version", StringComparison.Ordinal) ? 0 : 1));
        // The agent gets one such header, and that is the gateway's own.
        var sent = stable.Requests.Single().Headers.Where(sent => sent.Key.Replace('_', '-').StartsWith("x-canary", StringComparison.Ordinal));
        Assert.Equal(("x-canary-pin", VersionPins.Length), sent.Select(sent => (sent.Key, sent.Value.Length)).Single());
        Assert.Equal(isRepeated ? 2 : 1, gateway.Counters.HeadersStripped);
        Assert.Empty(canary.Requests);
    }

    [Theory]
    [InlineData("X-Canary", "true", "canary")]
    [InlineData("x-canary", "TRUE", "canary")]
    [InlineData("X-Canary", "false", "stable")]
    [InlineData("X-Canary-Version", "v1.1.0", "canary")]
    [InlineData("X-Canary-Version", "v1.0.0", "stable")]
    [InlineData("X_Canary", "true", "stable")]
    public async Task A_caller_in_a_trusted_network_gets_the_version_she_asks_for_outside_the_analysis(string name, string value, string expected)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        await using var gateway = await GatewayHost.StartAsync(options => options.TrustForce.Add("127.0.0.0/8"), Some.Spec(stable.Address, canary.Address, percent: 0));
        Assert.Equal(expected, (await gateway.Client.SendAsync("GET", "/", headers: (name, value))).Body);
        await gateway.BalanceAsync();
        var isForced = !name.Contains('_', StringComparison.Ordinal);
        Assert.Equal(isForced ? Arm.Outside : Arm.Control, gateway.Outcomes.All.Single().Assignment.Arm);
    }

    [Theory]
    [InlineData("X-Canary: maybe\r\n")]
    [InlineData("X-Canary: true\r\nX-Canary: true\r\n")]
    [InlineData("X-Canary: true\r\nX-Canary-Version: v1.0.0\r\n")]
    [InlineData("X-Canary-Version: v9\r\n")]
    public async Task A_trusted_wish_that_is_not_clear_is_refused_not_guessed(string headers)
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(options => options.TrustForce.Add("127.0.0.1/32"), Some.Spec(agent.Address, agent.Address));
        Assert.Equal(400, await RawClient.StatusAsync(gateway.Address, $"GET / HTTP/1.1\r\nHost: a\r\n{headers}\r\n"));
        Assert.Empty(agent.Requests);
    }

    [Fact]
    public async Task Another_network_is_not_trusted_and_neither_is_loopback_by_itself()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        await using var gateway = await GatewayHost.StartAsync(options => options.TrustForce.Add("10.0.0.0/8"), Some.Spec(stable.Address, canary.Address, percent: 0));
        Assert.Equal("stable", (await gateway.Client.SendAsync("GET", "/", headers: ("X-Canary", "true"))).Body);
    }

    [Fact]
    public async Task What_is_meant_for_one_hop_stays_there_and_who_called_is_told_by_the_gateway_alone()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        string[] lines =
        [
            "Connection: x-private, x-other", "X-Private: 1", "Keep-Alive: timeout=5", "Proxy-Authorization: Basic x", "TE: trailers",
            "X-Forwarded-For: 6.6.6.6", "X_Forwarded_For: 6.6.6.6", "X-Forwarded-Host: evil", "X-Forwarded-Proto: https", "X-Forwarded-Port: 1",
            "Forwarded: for=6.6.6.6", "X-Real-IP: 6.6.6.6", "Host: front.example", "X-Kept: yes", "Cookie: a=b",
        ];
        Assert.Equal(200, await RawClient.StatusAsync(gateway.Address, $"GET / HTTP/1.1\r\n{string.Join("\r\n", lines)}\r\n\r\n"));
        var headers = agent.Requests.Single().Headers;
        Assert.Equal(
            ["baggage", "cookie", "host", "x-canary-pin", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-kept"],
            headers.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(("127.0.0.1", "front.example", "http", agent.Address.Authority), (headers["x-forwarded-for"], headers["x-forwarded-host"], headers["x-forwarded-proto"], headers["host"]));
    }

    [Fact]
    public async Task An_agents_own_copies_of_our_headers_are_replaced_and_the_rest_passes_as_it_is()
    {
        await using var agent = await TestAgent.StartAsync(context =>
        {
            var headers = context.Response.Headers;
            headers["X-Canary-Variant"] = headers["x_canary_version"] = headers["X-Canary-Rescued"] = headers["X-Canary-Decision"] = "fake";
            headers["X-Agent-Outcome"] = "ok";
            headers["Keep-Alive"] = "timeout=1";
            headers.SetCookie = new(["a=1", "b=2"]);
            context.Response.StatusCode = 302;
            headers.Location = "https://elsewhere.example/";
            headers.ContentEncoding = "gzip";
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var (text, _) = await client.ReadToEndAsync();
        Assert.DoesNotContain("fake", text, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Agent", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Keep-Alive", text, StringComparison.OrdinalIgnoreCase);
        foreach (var once in new[] { "X-Canary-Version: ", "X-Canary-Variant: ", "X-Canary-Decision: ", "Set-Cookie: a=1\r\n", "Set-Cookie: b=2\r\n", "Location: https://elsewhere.example/\r\n", "Content-Encoding: gzip\r\n", "HTTP/1.1 302 " })
            Assert.Equal(2, text.Split(once).Length);
    }

    [Fact]
    public async Task Header_bytes_beyond_ascii_pass_both_ways_unchanged()
    {
        await using var agent = RawAgent.Saying("HTTP/1.1 200 OK\r\nX-Name: J\u00fcrgen\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.Contains("X-Name: J\u00fcrgen\r\n", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_may_ask_before_she_sends_and_the_agent_is_not_bothered_with_it()
    {
        await using var agent = await TestAgent.StartAsync("agent");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100", await client.ReadHeadAsync(), StringComparison.Ordinal);
        await client.SendAsync("hello");
        Assert.StartsWith("HTTP/1.1 200", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("expect", agent.Requests.Single().Headers.Keys);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync("HEAD", "/")).Status);
    }
}
