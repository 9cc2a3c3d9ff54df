using System.Collections.Immutable;
using System.Net;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;
using static AgentCanary.Server.Gateway.ChatAgent;

namespace AgentCanary.Server.Gateway;

/// <summary>Rescue <c>before-first-byte</c>: a request that the canary was sent and failed before any content is answered by stable.</summary>
public sealed class EarlyRescueTests
{
    private const string Error = """{"error":{"message":"boom","type":"server_error"}}""";
    private const string Question = """{"model":"gpt-x","messages":[{"role":"user","content":"hello"}],"stream":true}""";

    private static readonly string[] Good = [Role, Chunk("""{"content":"from stable"}"""), Chunk("{}", "\"stop\""), Done];

    public static TheoryData<string, string, OutcomeClass> Failures { get; } = new()
    {
        { "an unavailable agent", Answer("503 Service Unavailable", "application/json", Error), OutcomeClass.ErrorUpstream },
        { "a failure without a body", Answer("500 Oops", "text/plain", ""), OutcomeClass.ErrorUpstream },
        { "an overloaded agent", Answer("529 Overloaded", "application/json", Error), OutcomeClass.RateLimited },
        { "an error under 200", Answer("200 OK", "application/json", Error), OutcomeClass.ErrorUpstream },
        { "nothing under 200", Answer("200 OK", "application/json", ""), OutcomeClass.StreamBroken },
        { "an error as the first event", Answer("200 OK", "text/event-stream", $"data: {Error}\n\n{Done}"), OutcomeClass.ErrorUpstream },
        { "an error after the role", Answer("200 OK", "text/event-stream", $"{Role}data: {Error}\n\n"), OutcomeClass.ErrorUpstream },
        { "a stream that ends after its role", Answer("200 OK", "text/event-stream", Role), OutcomeClass.StreamBroken },
        { "a break after the role", Head("200 OK", "text/event-stream", 1000) + Role, OutcomeClass.StreamBroken },
        { "a break in the head", "HTTP/1.1 200 OK\r\nContent-Ty", OutcomeClass.ErrorUpstream },
        { "a break instead of an answer", "", OutcomeClass.ErrorUpstream },
        { "no HTTP", "hello, I am no web server\r\n\r\n", OutcomeClass.ErrorUpstream },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task A_failure_before_content_is_the_canarys_and_the_user_gets_stables_answer(string name, string words, OutcomeClass outcomeClass)
    {
        Assert.NotEmpty(name);
        await using var stable = await TestAgent.StartAsync(context => StreamAsync(context, Good));
        await using var canary = Saying(words);
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var answer = await gateway.Client.SendAsync("POST", Route, Question);
        Assert.Equal((HttpStatusCode.OK, string.Concat(Good), "text/event-stream"), (answer.Status, answer.Body, answer.ContentType));
        Assert.Equal(("stable", Some.Stable, "true"), (answer.Header("X-Canary-Variant"), answer.Header("X-Canary-Version"), answer.Header("X-Canary-Rescued")));
        Assert.Equal(("", ""), (answer.Header("Set-Cookie"), answer.Header("Mcp-Session-Id")));
        Assert.Equal(Question, stable.Requests.Single().Body);
        await gateway.BalanceAsync();
        var (assignment, outcome, _) = gateway.Outcomes.All.Single();
        Assert.Equal((Arm.Canary, outcomeClass, (TimeSpan?)null), (assignment.Arm, outcome.Class, outcome.FirstContent));
        Assert.Equal((1, 1), (gateway.Counters.Rescued, canary.Connections));
        Assert.True(gateway.Get<DecisionIds>().TryRead(answer.Header("X-Canary-Decision"), out var id));
        Assert.Equal((Variant.Stable, Arm.Outside, true), (id.Variant, id.Arm, id.IsRescue)); // a score for stable's answer must not reach the canary
    }

    [Theory]
    [InlineData("429 Too Many Requests", Error), InlineData("404 Not Found", Error), InlineData("503 Busy", """{"error":{"type":"x_policy"}}""")]
    public async Task What_is_no_failure_of_the_agent_is_its_answer(string status, string body)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = Saying(Answer(status, "application/json", body));
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var answer = await gateway.Client.SendAsync("POST", Route, Question);
        Assert.Equal((status[..3], body, "canary", "secret"), ($"{(int)answer.Status}", answer.Body, answer.Header("X-Canary-Variant"), answer.Header("Mcp-Session-Id")));
        Assert.Empty(stable.Requests);
    }

    [Theory]
    [InlineData(Route, "text/event-stream", """{"error":{"type":"requests","code":"rate_limit_exceeded"}}"""), InlineData(Route, "text/event-stream", """{"error":{"type":"insufficient_quota"}}""")]
    [InlineData(Route, "application/json", """{"error":{"code":429}}"""), InlineData("/v1/responses", "text/event-stream", """{"type":"error","code":"rate_limit_exceeded"}""")]
    [InlineData("/v1/messages", "text/event-stream", """{"type":"error","error":{"type":"rate_limit_error"}}""")]
    public async Task A_rate_limit_asks_to_be_sent_less_whatever_its_status(string path, string type, string error)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        var body = type is "application/json" ? error : $"data: {error}\n\n";
        await using var canary = Saying(Answer("200 OK", type, body));
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var answer = await gateway.Client.SendAsync("POST", path, Question);
        Assert.Equal((body, "canary", ""), (answer.Body, answer.Header("X-Canary-Variant"), answer.Header("X-Canary-Rescued")));
        Assert.Equal(OutcomeClass.RateLimited, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Empty(stable.Requests);
    }

    [Theory]
    [InlineData(Route, """{"error":{"code":529}}"""), InlineData("/v1/responses", """{"type":"error","code":529}"""), InlineData("/v1/messages", """{"type":"error","error":{"type":"overloaded_error"}}""")]
    public async Task An_agent_that_says_under_200_that_it_is_overloaded_is_rescued(string path, string error)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = Saying(Answer("200 OK", "text/event-stream", $"data: {error}\n\n"));
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var answer = await gateway.Client.SendAsync("POST", path, Question);
        Assert.Equal(("stable", "true"), (answer.Body, answer.Header("X-Canary-Rescued")));
        Assert.Equal(OutcomeClass.RateLimited, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Fact]
    public async Task An_error_is_seen_before_content_in_a_packed_answer_too()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(async context =>
        {
            (context.Response.ContentType, context.Response.Headers.ContentEncoding) = ("text/event-stream", "gzip");
            await using var packing = new System.IO.Compression.GZipStream(context.Response.Body, System.IO.Compression.CompressionLevel.Fastest);
            await packing.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"{Role}data: {Error}\n\n"));
        });
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        Assert.Equal("stable", (await gateway.Client.SendAsync("POST", Route, Question)).Body);
        Assert.Equal(OutcomeClass.ErrorUpstream, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Theory, InlineData("safety", OutcomeClass.Safety), InlineData("rate_limited", OutcomeClass.RateLimited), InlineData("error_client", OutcomeClass.ErrorClient)]
    public async Task What_the_agent_says_of_its_failure_is_heard_before_it_is_replaced(string word, OutcomeClass outcomeClass)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(context =>
        {
            context.Response.Headers["X-Agent-Outcome"] = word;
            return FailAsync(context);
        });
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var answer = await gateway.Client.SendAsync("POST", Route, Question);
        Assert.Equal(outcomeClass, (await gateway.Outcomes.SingleAsync()).Class);
        // An agent that is overloaded and says so is still one that failed: only 429 is not.
        Assert.Equal(word == "rate_limited" ? "stable" : Error, answer.Body);
    }

    [Theory, InlineData(404, "canary"), InlineData(503, "stable")]
    public async Task What_the_agent_says_of_an_answer_is_heard_once_whether_it_stands_or_is_replaced(int status, string variant)
    {
        var scores = string.Join(", ", Enumerable.Range(0, 16).Select(i => $"score{i}=0.5"));
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            (context.Response.Headers["X-Agent-Outcome"], context.Response.Headers["X-Agent-Score"]) = ("nonsense", scores);
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        Assert.Equal(variant, (await gateway.Client.SendAsync("POST", Route, Question)).Header("X-Canary-Variant"));
        Assert.Equal(16, (await gateway.Outcomes.SingleAsync()).Scores.Length);
        Assert.Equal(1, gateway.Counters.BadReports);
    }

    [Fact]
    public async Task After_the_first_content_a_break_is_shown_and_nothing_is_added()
    {
        await using var stable = await TestAgent.StartAsync(context => StreamAsync(context, Good));
        var begun = Role + Chunk("""{"content":"from the canary"}""");
        using var isRead = new SemaphoreSlim(0);
        await using var canary = Saying(Head("200 OK", "text/event-stream", 10_000) + begun, until: isRead);
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post(Route, Question));
        var text = await client.ReadUntilAsync(begun);
        isRead.Release();
        text += (await client.ReadToEndAsync()).Text;
        Assert.EndsWith(begun, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Rescued", text, StringComparison.Ordinal);
        Assert.Equal(OutcomeClass.StreamBroken, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Empty(stable.Requests);
    }

    [Theory]
    [InlineData("GET", "/anything", null, true), InlineData("HEAD", "/anything", null, true), InlineData("DELETE", "/anything", null, false)]
    [InlineData("POST", "/pay", null, false), InlineData("POST", "/pay", "/pay", true), InlineData("POST", "/pay/1", "/pay/*", true)]
    [InlineData("POST", Route, null, true), InlineData("POST", "/v1/messages", null, true), InlineData("POST", "/v1/responses", null, true)]
    [InlineData("POST", Route, "/pay", false), InlineData("POST", "/mcp", null, false), InlineData("POST", "/a2a", null, false), InlineData("POST", "/v1/responses/resp_1/cancel", null, false)]
    public async Task Only_what_may_be_sent_twice_is(string method, string path, string? declared, bool isRescued)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await StartAsync(stable.Address, canary.Address, declared is null ? default : [declared]);
        var answer = await gateway.Client.SendAsync(method, path, method is "POST" ? "{}" : null);
        Assert.Equal((isRescued ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, isRescued ? 1 : 0), (answer.Status, stable.Requests.Count));
        Assert.Single(canary.Requests);
    }

    [Theory, InlineData(1 << 20, true), InlineData((1 << 20) + 1, false)]
    public async Task Only_a_body_that_was_kept_is_sent_twice(int length, bool isRescued)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var body = $"\"{new string('x', length - 2)}\"";
        Assert.Equal(isRescued ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, (await gateway.Client.SendAsync("POST", Route, body)).Status);
        Assert.Equal(isRescued ? [body] : [], stable.Requests.Select(request => request.Body));
    }

    [Fact]
    public async Task Each_version_is_given_its_own_fields()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(FailAsync);
        var spec = Spec(stable.Address, canary.Address);
        spec = spec with { Canary = spec.Canary with { Set = spec.Canary.Set.Add("model", "\"new\"") } };
        await using var gateway = await GatewayHost.StartAsync(spec);
        await gateway.Client.SendAsync("POST", Route, """{"q":1}""");
        Assert.Equal(("""{"q":1,"model":"new"}""", """{"q":1}"""), (canary.Requests.Single().Body, stable.Requests.Single().Body));
    }

    [Fact]
    public async Task Rescues_of_what_was_sent_end_with_their_budget_although_stable_answers_and_then_the_user_gets_the_canarys_own_failure()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), options => options.RescueMinimum = 3, Spec(stable.Address, canary.Address));
        var answers = new List<TestAnswer>();
        for (var i = 0; i < 100; i++) answers.Add(await gateway.Client.SendAsync("POST", Route, Question));
        Assert.Equal((10, 90), (gateway.Counters.Rescued, gateway.Counters.RescuesDenied)); // a tenth of them
        Assert.Equal(10, stable.Requests.Count);
        Assert.All(answers.Where(answer => answer.Status is not HttpStatusCode.OK), answer => Assert.Equal((503, Error, "canary", ""), ((int)answer.Status, answer.Body, answer.Header("X-Canary-Variant"), answer.Header("X-Canary-Rescued"))));
        Assert.All(gateway.Outcomes.All, one => Assert.Equal((Arm.Canary, OutcomeClass.ErrorUpstream), (one.Assignment.Arm, one.Outcome.Class)));
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_spent_budget_of_requests_that_were_sent_costs_no_request_that_was_not()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), options => options.RescueMinimum = 1, Spec(stable.Address, canary.Address));
        for (var i = 0; i < 3; i++) await gateway.Client.SendAsync("POST", Route, Question);
        await canary.DisposeAsync();
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync("POST", Route, Question)).Status);
        Assert.Equal((2, 2), (gateway.Counters.Rescued, gateway.Counters.RescuesDenied));
    }

    [Fact]
    public async Task When_stable_fails_too_the_user_gets_stables_failure_and_it_is_not_asked_again()
    {
        await using var stable = await TestAgent.StartAsync(FailAsync);
        await using var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        var answer = await gateway.Client.SendAsync("POST", Route, Question);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "stable", "true"), (answer.Status, answer.Header("X-Canary-Variant"), answer.Header("X-Canary-Rescued")));
        Assert.Equal((1, 1), (stable.Requests.Count, canary.Requests.Count));
        Assert.Equal(Arm.Canary, Assert.Single(gateway.Outcomes.All).Assignment.Arm);
    }

    [Fact]
    public async Task Ids_that_stable_made_in_a_rescue_lead_to_stable()
    {
        var agent = new StatefulAgent("stable");
        await using var stable = await TestAgent.StartAsync(agent.AnswerAsync, readsBody: false);
        await using var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        Assert.Equal("true", (await gateway.Client.SendAsync("POST", "/v1/responses", "{}")).Header("X-Canary-Rescued"));
        var next = await gateway.Client.SendAsync("POST", "/v1/responses", """{"previous_response_id":"resp_stable-1"}""");
        Assert.Equal((HttpStatusCode.OK, "stable", ""), (next.Status, next.Header("X-Canary-Variant"), next.Header("X-Canary-Rescued")));
        Assert.Equal((1, 0), (canary.Requests.Count, agent.Foreign));
    }

    [Fact]
    public async Task What_goes_on_from_an_answer_of_the_canarys_is_not_asked_of_stable()
    {
        var (isDown, agent) = (false, new StatefulAgent("canary"));
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(context => isDown ? FailAsync(context) : agent.AnswerAsync(context), readsBody: false);
        await using var gateway = await StartAsync(stable.Address, canary.Address);
        await gateway.Client.SendAsync("POST", "/v1/responses", "{}");
        isDown = true;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Client.SendAsync("POST", "/v1/responses", """{"previous_response_id":"resp_canary-1"}""")).Status);
        Assert.Empty(stable.Requests);
    }

    [Fact]
    public async Task Who_forced_the_canary_sees_it_fail()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync(FailAsync);
        await using var gateway = await GatewayHost.StartAsync(options => options.TrustForce.Add("127.0.0.0/8"), Spec(stable.Address, canary.Address));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Client.SendAsync("GET", "/", headers: ("X-Canary", "true"))).Status);
        Assert.Empty(stable.Requests);
    }

    [Fact]
    public async Task A_canary_that_does_not_answer_in_time_is_rescued()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = RawAgent.Silent();
        var time = new ManualTimeProvider();
        await using var gateway = await GatewayHost.StartAsync(time, options => options.FirstByteTimeout = TimeSpan.FromSeconds(90), Spec(stable.Address, canary.Address));
        var asking = gateway.Client.SendAsync("POST", Route, Question);
        await Eventually.TrueAsync(() =>
        {
            if (canary.Connections > 0 && gateway.Counters.Rescued == 0) time.Advance(TimeSpan.FromSeconds(10));
            return gateway.Counters.Rescued > 0;
        });
        var answer = await asking;
        Assert.Equal(("stable", "true"), (answer.Body, answer.Header("X-Canary-Rescued")));
        Assert.Equal(OutcomeClass.Timeout, (await gateway.Outcomes.SingleAsync()).Class);
    }

    private static Task FailAsync(HttpContext context)
    {
        (context.Response.StatusCode, context.Response.ContentType) = (503, "application/json");
        return context.Response.WriteAsync(Error);
    }

    private static string Head(string status, string type, int length) =>
        $"HTTP/1.1 {status}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\nSet-Cookie: of=canary\r\nMcp-Session-Id: secret\r\nConnection: close\r\n\r\n";

    private static string Answer(string status, string type, string body) => Head(status, type, body.Length) + body;

    private static string Post(string path, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    // Reads the whole request first: what is left unread when a socket closes makes of the end a reset.
    private static RawAgent Saying(string words, SemaphoreSlim? until = null) => new(async (socket, cancellation) =>
    {
        await RawAgent.ReadRequestAsync(socket, cancellation);
        await socket.SendAsync(System.Text.Encoding.Latin1.GetBytes(words), cancellation);
        if (until is not null) await until.WaitAsync(cancellation);
        socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
    });

    private static RolloutSpec Spec(Uri stable, Uri canary, ImmutableArray<string> routes = default) =>
        Some.Spec(stable, canary, percent: 100) with { Rescue = RescueMode.BeforeFirstByte, RescueRoutes = routes };

    private static Task<GatewayHost> StartAsync(Uri stable, Uri canary, ImmutableArray<string> routes = default) => GatewayHost.StartAsync(Spec(stable, canary, routes));
}
