using System.Net;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

public sealed class ShadowTests
{
    [Theory, InlineData(false, 0), InlineData(true, 20)]
    public async Task A_shadow_pays_nothing_unless_its_route_was_declared_safe(bool isSafe, int expected)
    {
        await using var stable = await TestAgent.StartAsync("paid");
        await using var canary = await TestAgent.StartAsync("paid");
        await using var gateway = await GatewayHost.StartAsync(Spec(stable, canary.Address, isSafe ? ["/payments"] : ["/search/*", "/payments/"]));
        for (var i = 0; i < 20; i++) Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync("POST", "/payments", """{"amount":10}""")).Status);
        await gateway.Client.SendAsync("GET", "/balance"); // what changes nothing may be repeated anywhere
        await SettledAsync(gateway, expected + 1);
        Assert.Equal(expected, canary.Requests.Count(request => request is { Line: "POST /payments", Body: """{"amount":10}""" }));
        Assert.Equal(1, canary.Requests.Count(request => request.Line == "GET /balance"));
        Assert.Equal(21, stable.Requests.Count);
    }

    [Fact]
    public async Task A_shadow_call_is_marked_and_has_none_of_the_users_credentials()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        await using var gateway = await GatewayHost.StartAsync(Spec(stable, canary.Address));
        await gateway.Client.SendAsync("POST", "/v1/chat?q=a%20b", """{"q":1}""", headers:
            [("Authorization", "Bearer u"), ("Cookie", "uid=1"), ("X-Api-Key", "k"), ("Proxy-Authorization", "p"), ("X-Auth-Token", "t"), ("traceparent", "00-1"),
             ("baggage", "tenant=7"), ("X-User-Id", "u1"), ("X-Canary-Shadow", "0")]);
        await SettledAsync(gateway, 1);
        var (line, headers, body) = canary.Requests.Single();
        Assert.Equal(("POST /v1/chat?q=a%20b", """{"q":1}"""), (line, body));
        Assert.Equal(("1", $"tenant=7,canary.pin={headers["x-canary-pin"]},canary-shadow=1", "u1", "application/json"), (headers["x-canary-shadow"], headers["baggage"], headers["x-user-id"], headers["content-type"]));
        Assert.DoesNotContain(headers.Keys, name => name is "authorization" or "cookie" or "x-api-key" or "proxy-authorization" or "x-auth-token" or "traceparent" or "x-forwarded-for");
        var seen = stable.Requests.Single().Headers;
        Assert.Equal(("Bearer u", "uid=1", "00-1"), (seen["authorization"], seen["cookie"], seen["traceparent"]));
        Assert.DoesNotContain("canary-shadow", seen["baggage"], StringComparison.Ordinal);
        Assert.DoesNotContain("x-canary-shadow", seen.Keys);
    }

    [Fact]
    public async Task A_file_may_have_a_credential_forwarded_by_its_name()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        var spec = Spec(stable, canary.Address);
        await using var gateway = await GatewayHost.StartAsync(spec with { Shadow = new() { Safe = ["/*"], Forward = ["authorization"] } });
        await gateway.Client.SendAsync("GET", "/", headers: [("Authorization", "Bearer u"), ("Cookie", "uid=1")]);
        await SettledAsync(gateway, 1);
        Assert.Equal("Bearer u", canary.Requests.Single().Headers["authorization"]);
        Assert.DoesNotContain("cookie", canary.Requests.Single().Headers.Keys);
    }

    [Theory, InlineData("GET", "/?api_key=1", null), InlineData("GET", "/slow", "text/event-stream")]
    public async Task What_names_a_credential_in_its_query_or_listens_is_not_repeated(string method, string path, string? accept)
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        await using var gateway = await GatewayHost.StartAsync(Spec(stable, canary.Address));
        await gateway.Client.SendAsync(method, path, headers: accept is null ? [] : [("Accept", accept)]);
        await gateway.Client.SendAsync("GET", "/last");
        await SettledAsync(gateway, 1);
        Assert.Equal("GET /last", canary.Requests.Single().Line);
    }

    [Theory]
    [InlineData("/v1/chat/completions", 100, true), InlineData("/v1/chat/completions", ShadowGate.MostBytes, false), InlineData("/upload", 100, false)]
    public async Task A_body_of_unknown_length_is_repeated_where_it_is_read_in_any_case(string path, int length, bool isRepeated)
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        await using var gateway = await GatewayHost.StartAsync(Spec(stable, canary.Address));
        using var client = new HttpClient { BaseAddress = gateway.Address };
        var body = $$"""{"messages":[],"text":"{{new string('x', length)}}"}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.TransferEncodingChunked = true;
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await gateway.Client.SendAsync("GET", "/last");
        await SettledAsync(gateway, isRepeated ? 2 : 1);
        Assert.Equal(body, stable.Requests.First().Body);
        Assert.Equal(isRepeated ? [$"POST {path}", "GET /last"] : ["GET /last"], canary.Requests.Select(request => request.Line));
        if (isRepeated) Assert.Equal(body, canary.Requests.First().Body);
    }

    [Fact]
    public async Task The_shadow_is_given_the_canarys_own_fields_and_headers()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        var spec = Spec(stable, canary.Address);
        spec = spec with { Canary = spec.Canary with { Set = spec.Canary.Set.Add("model", "\"new\""), Headers = spec.Canary.Headers.Add("x-agent-version", "v2") } };
        await using var gateway = await GatewayHost.StartAsync(spec);
        await gateway.Client.SendAsync("POST", "/chat", """{"q":1}""");
        await SettledAsync(gateway, 1);
        Assert.Equal("""{"q":1,"model":"new"}""", canary.Requests.Single().Body);
        Assert.Equal("v2", canary.Requests.Single().Headers["x-agent-version"]);
        Assert.Equal("""{"q":1}""", stable.Requests.Single().Body);
    }

    [Theory, InlineData("off"), InlineData("well"), InlineData("dead"), InlineData("hung"), InlineData("broken")]
    public async Task Users_get_the_same_bytes_and_statuses_whatever_the_shadow_does(string shadow)
    {
        using var hung = new SemaphoreSlim(0);
        await using var stable = await TestAgent.StartAsync(AnswerAsync);
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            if (shadow == "hung") await hung.WaitAsync(context.RequestAborted);
            context.Response.StatusCode = shadow == "broken" ? 500 : 200;
            await context.Response.WriteAsync("from the shadow");
        });
        var spec = Spec(stable, shadow == "dead" ? RawAgent.Nobody() : canary.Address);
        if (shadow == "off") spec = spec with { Stages = [spec.Stages[0] with { Shadow = Weight.None }, spec.Stages[1]] };
        await using var gateway = await GatewayHost.StartAsync(spec);
        for (var i = 0; i < 10; i++)
        {
            var (ok, missing) = (await gateway.Client.SendAsync("POST", "/chat", new('x', i + 1)), await gateway.Client.SendAsync("GET", $"/none/{i}"));
            Assert.Equal((HttpStatusCode.OK, $"answer to {i + 1}", "stable", "yes"), (ok.Status, ok.Body, ok.Header("X-Canary-Variant"), ok.Header("X-Own")));
            Assert.Equal((HttpStatusCode.NotFound, "none"), (missing.Status, missing.Body));
        }
        Assert.Equal(20, stable.Requests.Count);
        if (shadow is not ("off" or "hung")) await SettledAsync(gateway, 10);
        await gateway.BalanceAsync();
        Assert.Equal(20, gateway.Outcomes.All.Count); // the shadow's calls are nobody's outcomes
    }

    [Fact]
    public async Task Of_the_calls_that_a_hanging_shadow_cannot_take_the_newest_are_dropped_and_every_one_is_counted()
    {
        using var hung = new SemaphoreSlim(0);
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            await hung.WaitAsync(context.RequestAborted);
            await context.Response.WriteAsync("late");
        });
        await using var gateway = await GatewayHost.StartAsync(options => options.ShadowConcurrency = 1, Spec(stable, canary.Address));
        for (var i = 0; i < 100; i++) Assert.Equal("ok", (await gateway.Client.SendAsync("GET", $"/{i}")).Body);
        await Eventually.TrueAsync(() => Counts(gateway).Offered == 100);
        Assert.InRange(Counts(gateway).Dropped, 35, 36); // 64 wait and one may be under way
        Assert.True(canary.Requests.Count <= 1);
        hung.Release(100);
        await SettledAsync(gateway, 100);
        Assert.Equal(100, Counts(gateway).Sent + Counts(gateway).Dropped);
        Assert.Equal("GET /0", canary.Requests.First().Line);
    }

    [Fact]
    public async Task A_share_of_the_requests_is_shown_and_nobody_elses_than_the_splits()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        var spec = Spec(stable, canary.Address);
        spec = spec with
        {
            Stages = [spec.Stages[0] with { Shadow = Weight.FromPercent(20) }, spec.Stages[1]],
            Cohorts = [new("vip", [new("header:x-vip", CohortMatch.Present, [])])],
            Exclude = ["vip"],
        };
        await using var gateway = await GatewayHost.StartAsync(spec);
        for (var i = 0; i < 500; i++) await gateway.Client.SendAsync("GET", "/", headers: [("x-user-id", $"u{i}")]);
        for (var i = 0; i < 50; i++) await gateway.Client.SendAsync("GET", "/vip", headers: [("x-user-id", $"u{i}"), ("x-vip", "1")]);
        await Eventually.TrueAsync(() => Counts(gateway).Pending == 0);
        Assert.InRange(Counts(gateway).Offered, 45, 170); // 100 expected; more than 6 standard deviations to either side
        Assert.DoesNotContain(canary.Requests, request => request.Line == "GET /vip");
    }

    [Theory]
    [InlineData("same", Verdict.Pass), InlineData("worded anew", Verdict.Pass), InlineData("other", Verdict.Fail), InlineData("broken", Verdict.Fail), InlineData("dead", Verdict.Fail)]
    [InlineData("rate-limited", Verdict.Inconclusive)]
    public async Task A_stage_of_weight_0_is_judged_by_how_the_shadow_agrees(string shadow, Verdict verdict)
    {
        const string text = "Your order was shipped on Monday and will be with you by Thursday.";
        await using var stable = await TestAgent.StartAsync(context => context.Response.WriteAsJsonAsync(new { id = 1, text }));
        await using var canary = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = shadow switch { "broken" => 500, "rate-limited" => 429, _ => 200 };
            return context.Response.WriteAsJsonAsync(new { id = 2, text = shadow switch { "other" => "I cannot help you.", "worded anew" => "your order was shipped on monday, and will be with you by Thursday", _ => text } });
        });
        var spec = Spec(stable, shadow == "dead" ? RawAgent.Nobody() : canary.Address);
        await using var gateway = await GatewayHost.StartAsync(spec with
        {
            Stages = [spec.Stages[0] with { Checks = [Check.Parse("shadow_agreement > 0.9")] }, spec.Stages[1]],
            Analysis = new() { Mode = AnalysisMode.Point },
            Shadow = spec.Shadow! with { Agreement = new() { Ignore = ["id"] } },
        });
        for (var i = 0; i < 60; i++)
        {
            Assert.Contains(text, (await gateway.Client.SendAsync("POST", "/chat", "{}")).Body, StringComparison.Ordinal);
            await SettledAsync(gateway, i + 1); // so that none is dropped
        }
        Assert.Equal(verdict, gateway.Get<RolloutRegistry>().Current.Values.Single().Analyze().Verdict);
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers["X-Own"] = "yes";
        context.Response.StatusCode = context.Request.Path.StartsWithSegments("/none") ? 404 : 200;
        await context.Response.WriteAsync(context.Response.StatusCode == 404 ? "none" : $"answer to {context.Request.ContentLength}");
    }

    private static RolloutSpec Spec(TestAgent stable, Uri canary, params string[] safe)
    {
        var spec = Some.Spec(stable.Address, canary, percent: 0);
        return spec with
        {
            Stages = [spec.Stages[0] with { Shadow = Weight.Full }, spec.Stages[1]],
            Shadow = new() { Safe = safe.Length == 0 ? ["/*"] : [.. safe] },
        };
    }

    private static ShadowCounts Counts(GatewayHost gateway) => gateway.Counters.Shadows.GetValueOrDefault("support-agent");

    // Every call that was offered ended in exactly one way.
    private static async Task SettledAsync(GatewayHost gateway, int offered)
    {
        await Eventually.TrueAsync(() => Counts(gateway) is { Pending: 0 } counts && counts.Offered >= offered);
        var counts = Counts(gateway);
        Assert.Equal((offered, offered), (counts.Offered, counts.Sent + counts.Dropped + counts.Failed + counts.TimedOut + counts.OverBudget + counts.Paused));
    }
}
