using System.Net;
using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

public sealed class SplitTests
{
    [Fact]
    public async Task A_user_gets_the_version_that_the_router_gives_her_and_keeps_it()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        var spec = Some.Spec(stable.Address, canary.Address);
        await using var gateway = await GatewayHost.StartAsync(spec);
        var plan = Some.Runtime(spec).Plan;
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 30; i++)
            {
                var answer = await gateway.Client.SendAsync("GET", "/", headers: ("X-User-Id", $"user-{i}"));
                var expected = Router.Route(plan, $"user-{i}");
                Assert.Equal(expected.Variant.WireName, answer.Body);
                Assert.Equal(expected.Variant.WireName, answer.Headers["X-Canary-Variant"]);
                Assert.Equal(expected.Version, answer.Headers["X-Canary-Version"]);
            }
        }

        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task The_decision_id_says_what_was_decided()
    {
        await using var agent = await TestAgent.StartAsync("both");
        var spec = Some.Spec(agent.Address, agent.Address, percent: 100);
        await using var gateway = await GatewayHost.StartAsync(spec);
        var answer = await gateway.Client.SendAsync("GET", "/", headers: ("x-user-id", "user-42"));
        Assert.True(gateway.Get<DecisionIds>().TryRead(answer.Headers["X-Canary-Decision"], out var id));
        Assert.Equal(DecisionId.RolloutOf(spec), id.Rollout);
        Assert.Equal((Variant.Canary, Arm.Canary, 1, 0), (id.Variant, id.Arm, id.Attempt, id.Stage));
        Assert.Equal(StickyHash.Hash("user-42", 42), id.KeyHash);
    }

    [Fact]
    public async Task Requests_without_a_key_are_split_too()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, canary.Address));
        for (var i = 0; i < 60; i++) await gateway.Client.SendAsync("GET", "/");
        Assert.InRange(canary.Requests.Count, 10, 50); // 60 fair draws leave this range once in ten million runs
    }

    [Fact]
    public async Task The_first_source_that_has_a_key_wins()
    {
        await using var agent = await TestAgent.StartAsync("ok");
        var spec = Some.Spec(agent.Address, agent.Address) with { Sticky = new() { Key = ["header:x-user-id", "cookie:uid", "body:$.user.id"] } };
        await using var gateway = await GatewayHost.StartAsync(spec);
        await gateway.Client.SendAsync("POST", "/", """{"user":{"id":"from-body"}}""", headers: [("Cookie", "a=b; uid=from-cookie"), ("x-user-id", "from-header")]);
        await gateway.Client.SendAsync("POST", "/", """{"user":{"id":"from-body"}}""", headers: ("Cookie", "uid=from-cookie"));
        await gateway.Client.SendAsync("POST", "/", """{"user":{"id":"from-body"}}""");
        await gateway.Client.SendAsync("POST", "/", """{"user":{"id":17.5}}""");
        await gateway.Client.SendAsync("POST", "/", """{"user":""");
        await gateway.BalanceAsync();
        Assert.Equal(["from-header", "from-cookie", "from-body", "17.5", null], gateway.Outcomes.All.Select(o => o.Key));
        Assert.Equal("""{"user":{"id":"from-body"}}""", agent.Requests.First().Body);
    }

    [Fact]
    public async Task A_body_too_long_to_be_read_has_no_key_and_arrives_whole()
    {
        await using var agent = await TestAgent.StartAsync("ok");
        var spec = Some.Spec(agent.Address, agent.Address) with { Sticky = new() { Key = ["body:$.user"] } };
        await using var gateway = await GatewayHost.StartAsync(options => options.MaxReadBody = 1000, spec);
        var body = $$"""{"user":"u","text":"{{new string('x', 5000)}}"}""";
        await gateway.Client.SendAsync("POST", "/", body);
        using (var chunked = await RawClient.OpenAsync(gateway.Address))
        {
            await chunked.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{body.Length:x}\r\n{body}\r\n0\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", await chunked.ReadHeadAsync(), StringComparison.Ordinal);
        }

        await gateway.BalanceAsync();
        Assert.All(agent.Requests, request => Assert.Equal(body, request.Body));
        Assert.Equal([null, null], gateway.Outcomes.All.Select(o => o.Key));
    }

    [Fact]
    public async Task Each_version_is_given_its_own_headers_and_fields()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        var spec = Some.Spec(stable.Address, canary.Address, percent: 100);
        spec = spec with
        {
            Canary = spec.Canary with
            {
                Headers = spec.Canary.Headers.Add("x-agent-version", "v1.1.0").Add("authorization", "Bearer canary"),
                Set = spec.Canary.Set.Add("model", "\"gpt-x\"").Add("temperature", "0.5"),
            },
        };
        await using var gateway = await GatewayHost.StartAsync(spec);
        await gateway.Client.SendAsync("POST", "/v1/chat", """{ "model": "old", "n": [1, 2.50] }""", headers: [("authorization", "Bearer user"), ("x-user-id", "u")]);
        var (_, headers, body) = Assert.Single(canary.Requests);
        Assert.Equal("""{"n":[1, 2.50],"model":"gpt-x","temperature":0.5}""", body);
        Assert.Equal(body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), headers["content-length"]);
        Assert.Equal("Bearer canary", headers["authorization"]);
        Assert.Equal("v1.1.0", headers["x-agent-version"]);
    }

    [Fact]
    public async Task A_body_that_cannot_be_given_the_canarys_fields_goes_to_stable_outside_the_analysis()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        var spec = Some.Spec(stable.Address, canary.Address, percent: 100);
        spec = spec with { Canary = spec.Canary with { Set = spec.Canary.Set.Add("model", "\"gpt-x\"") } };
        await using var gateway = await GatewayHost.StartAsync(options => options.MaxReadBody = 100, spec);
        var answer = await gateway.Client.SendAsync("POST", "/", $$"""{"text":"{{new string('x', 500)}}"}""");
        Assert.Equal("stable", answer.Body);
        await gateway.BalanceAsync();
        Assert.Equal(Arm.Outside, gateway.Outcomes.All.Single().Assignment.Arm);
    }

    [Fact]
    public async Task Several_agents_are_chosen_by_host_or_by_path_prefix_which_is_cut_off()
    {
        await using var one = await TestAgent.StartAsync("one");
        await using var two = await TestAgent.StartAsync("two");
        await using var gateway = await GatewayHost.StartAsync(
            Some.Spec(one.Address, one.Address, agent: "one"), Some.Spec(two.Address, two.Address, agent: "two") with { Host = "two.example" });
        Assert.Equal("one", (await gateway.Client.SendAsync("GET", "/agents/one/v1/chat?q=a%20b&r=/../")).Body);
        Assert.Equal("one", (await gateway.Client.SendAsync("GET", "/agents/one")).Body);
        Assert.Equal("two", (await gateway.Client.SendAsync("GET", "/agents/one/x", headers: ("Host", "TWO.example:99"))).Body);
        Assert.Equal(["GET /v1/chat?q=a%20b&r=/../", "GET /"], one.Requests.Select(r => r.Line));
        Assert.Equal(["/agents/one", "/agents/one"], one.Requests.Select(r => r.Headers["x-forwarded-prefix"]));
        Assert.Equal("GET /agents/one/x", Assert.Single(two.Requests).Line);
    }

    [Theory, InlineData("/"), InlineData("/agents/three/x"), InlineData("/agents/"), InlineData("/agents"), InlineData("/agents/ONE/x")]
    public async Task An_unknown_agent_is_a_404_that_says_how_to_name_one(string path)
    {
        await using var one = await TestAgent.StartAsync("one");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(one.Address, one.Address, agent: "one"), Some.Spec(one.Address, one.Address, agent: "two"));
        var answer = await gateway.Client.SendAsync("GET", path);
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("application/problem+json", answer.Headers["Content-Type"]);
        Assert.Contains("\"type\":\"urn:agentcanary:problem:unknown-agent\"", answer.Body, StringComparison.Ordinal);
        Assert.Contains("/agents/NAME/", answer.Body, StringComparison.Ordinal);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_published_change_is_served_by_the_next_request()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        var spec = Some.Spec(stable.Address, canary.Address, percent: 0);
        await using var gateway = await GatewayHost.StartAsync(spec);
        Assert.Equal("stable", (await gateway.Client.SendAsync("GET", "/")).Body);
        gateway.Get<RolloutRegistry>().Publish(gateway.Get<RolloutRegistry>().Current.SetItem(spec.Agent, Some.Runtime(spec, Phase.Completed)));
        var completed = await gateway.Client.SendAsync("GET", "/");
        Assert.Equal(("canary", "canary"), (completed.Body, completed.Headers["X-Canary-Variant"]));
        gateway.Get<RolloutRegistry>().Publish(gateway.Get<RolloutRegistry>().Current.Clear());
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.Client.SendAsync("GET", "/")).Status);
    }

    [Fact]
    public async Task A_cohort_is_matched_by_the_headers_and_cookies_it_names()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        var spec = Some.Spec(stable.Address, canary.Address, percent: 100) with
        {
            Cohorts = [new("vip", [new("header:X-Group", CohortMatch.In, ["gold", "silver"]), new("cookie:plan", CohortMatch.Prefix, ["pro"])])],
            Exclude = ["vip"],
        };
        await using var gateway = await GatewayHost.StartAsync(spec);
        Assert.Equal("stable", (await gateway.Client.SendAsync("GET", "/", headers: [("x-group", "gold"), ("Cookie", "plan=pro-2")])).Body);
        Assert.Equal("canary", (await gateway.Client.SendAsync("GET", "/", headers: [("x-group", "gold"), ("Cookie", "plan=free")])).Body);
        Assert.Equal("canary", (await gateway.Client.SendAsync("GET", "/")).Body);
    }
}
