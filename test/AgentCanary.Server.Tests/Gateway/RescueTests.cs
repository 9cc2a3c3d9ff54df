using System.Net;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

public sealed class RescueTests
{
    [Fact]
    public async Task A_canary_that_refuses_connections_costs_it_a_failure_and_the_user_nothing()
    {
        await using var stable = await TestAgent.StartAsync(context => context.Response.Body.WriteAsync("from stable"u8.ToArray()).AsTask());
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100));
        var answer = await gateway.Client.SendAsync("POST", "/chat", """{"q":"hello"}""", headers: ("x-user-id", "u1"));
        Assert.Equal((HttpStatusCode.OK, "from stable"), (answer.Status, answer.Body));
        Assert.Equal((Some.Stable, "stable", "true"), (answer.Header("X-Canary-Version"), answer.Header("X-Canary-Variant"), answer.Header("X-Canary-Rescued")));
        Assert.Equal("""{"q":"hello"}""", stable.Requests.Single().Body);
        await gateway.BalanceAsync();
        var (assignment, outcome, _) = gateway.Outcomes.All.Single();
        Assert.Equal((Arm.Canary, OutcomeClass.ErrorUpstream), (assignment.Arm, outcome.Class));
        Assert.True(gateway.Get<DecisionIds>().TryRead(answer.Header("X-Canary-Decision"), out var id));
        Assert.Equal((Variant.Stable, Arm.Outside), (id.Variant, id.Arm)); // a score for stable's answer must not reach the canary
    }

    [Fact]
    public async Task A_rescued_request_is_one_failure_of_the_canary_and_nothing_of_control()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, RawAgent.Nobody(), percent: 50));
        for (var user = 0; user < 40; user++)
            Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync("GET", "/", headers: ("x-user-id", $"user-{user}"))).Status);
        await gateway.BalanceAsync();
        var outcomes = gateway.Outcomes.All.ToList();
        var (canary, control) = (outcomes.Count(one => one.Assignment.Arm is Arm.Canary), outcomes.Count(one => one.Assignment.Arm is Arm.Control));
        Assert.Equal((40, 40, canary), (stable.Requests.Count, canary + control, gateway.Counters.Rescued));
        Assert.InRange(canary, 5, 35);
        var runtime = gateway.Get<RolloutRegistry>().Current.Values.Single();
        Assert.Equal((canary, canary, control, 0), (runtime.Status(Arm.Canary).Requests, runtime.Status(Arm.Canary).Errors, runtime.Status(Arm.Control).Requests, runtime.Status(Arm.Control).Errors));
    }

    [Fact]
    public async Task Under_load_no_user_sees_the_canary_go_away()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = await TestAgent.StartAsync("canary");
        // The clock stands still: the budget counts requests, and the time between them is the machine's affair.
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), _ => { }, Some.Spec(stable.Address, canary.Address, percent: 8));
        var failed = 0;
        var sent = 0;
        async Task CallAsync(int user)
        {
            for (var i = 0; i < 50; i++)
            {
                var answer = await gateway.Client.SendAsync("GET", "/", headers: ("x-user-id", $"user-{user}-{i}"));
                if (answer.Status != HttpStatusCode.OK) Interlocked.Increment(ref failed);
                if (Interlocked.Increment(ref sent) == 200) await canary.StopAsync();
            }
        }

        await Task.WhenAll(Enumerable.Range(0, 16).Select(CallAsync));
        Assert.Equal(0, failed);
        Assert.NotEqual(0, gateway.Counters.Rescued);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_rescued_request_is_given_stables_fields_not_the_canarys()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        var spec = Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100);
        spec = spec with
        {
            Stable = spec.Stable with { Set = spec.Stable.Set.Add("model", "\"old\"") },
            Canary = spec.Canary with { Set = spec.Canary.Set.Add("model", "\"new\"").Add("seed", "1") },
        };
        await using var gateway = await GatewayHost.StartAsync(spec);
        await gateway.Client.SendAsync("POST", "/", """{"q":1}""");
        Assert.Equal("""{"q":1,"model":"old"}""", stable.Requests.Single().Body);
    }

    [Fact]
    public async Task When_both_versions_are_down_the_user_is_told_so_at_once()
    {
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(RawAgent.Nobody(), RawAgent.Nobody(), percent: 100));
        await Fastest.IsWithinAsync(TimeSpan.FromSeconds(3), async _ =>
        {
            var answer = await gateway.Client.SendAsync("GET", "/");
            Assert.Equal((HttpStatusCode.BadGateway, "application/problem+json"), (answer.Status, answer.ContentType));
            Assert.Contains("agent_unreachable", answer.Body, StringComparison.Ordinal);
            Assert.Equal("stable", answer.Header("X-Canary-Variant"));
        });
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task Stable_is_never_rescued_by_the_canary()
    {
        await using var canary = await TestAgent.StartAsync("canary");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(RawAgent.Nobody(), canary.Address, percent: 0));
        Assert.Equal(HttpStatusCode.BadGateway, (await gateway.Client.SendAsync("GET", "/")).Status);
        Assert.Empty(canary.Requests);
    }

    [Theory, InlineData(RescueMode.Off, false), InlineData(RescueMode.Connect, true)]
    public async Task Rescue_is_off_when_the_file_says_so_and_for_whoever_forces_the_canary(RescueMode mode, bool isForced)
    {
        await using var stable = await TestAgent.StartAsync("stable");
        var spec = Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100) with { Rescue = mode };
        await using var gateway = await GatewayHost.StartAsync(options => options.TrustForce.Add("127.0.0.0/8"), spec);
        var answer = await gateway.Client.SendAsync("GET", "/", headers: isForced ? [("X-Canary", "true")] : []);
        Assert.Equal((HttpStatusCode.BadGateway, "canary"), (answer.Status, answer.Header("X-Canary-Variant")));
        Assert.Empty(stable.Requests);
    }

    [Fact]
    public async Task A_request_that_was_delivered_is_never_sent_again()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var canary = RawAgent.Saying("", resets: true);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, canary.Address, percent: 100));
        var answer = await gateway.Client.SendAsync("POST", "/", "{}");
        Assert.Equal(HttpStatusCode.BadGateway, answer.Status);
        Assert.Equal(OutcomeClass.ErrorUpstream, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Empty(stable.Requests);
    }

    [Fact]
    public async Task While_stable_answers_every_user_is_rescued()
    {
        await using var stable = await TestAgent.StartAsync("stable");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100));
        for (var i = 0; i < 40; i++) Assert.Equal(HttpStatusCode.OK, (await gateway.Client.SendAsync("GET", "/")).Status);
        Assert.Equal((40, 0), (gateway.Counters.Rescued, gateway.Counters.RescuesDenied));
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_site_with_few_users_keeps_them_all_although_they_all_wait_at_once()
    {
        using var answers = new SemaphoreSlim(0);
        await using var stable = await TestAgent.StartAsync(async context =>
        {
            await answers.WaitAsync();
            await context.Response.WriteAsync("stable");
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100));
        var waiting = Enumerable.Range(0, 12).Select(_ => gateway.Client.SendAsync("GET", "/")).ToList();
        await Eventually.TrueAsync(() => gateway.Counters.Rescued + gateway.Counters.RescuesDenied == 12);
        answers.Release(12);
        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
    }

    [Fact]
    public async Task When_stable_fails_too_the_rescues_end_with_their_budget()
    {
        await using var stable = RawAgent.Saying("", resets: true);
        await using var gateway = await GatewayHost.StartAsync(new ManualTimeProvider(), options => options.RescueMinimum = 3, Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100));
        for (var i = 0; i < 6; i++) Assert.Equal(HttpStatusCode.BadGateway, (await gateway.Client.SendAsync("POST", "/", "{}")).Status);
        Assert.Equal((3, 3), (gateway.Counters.Rescued, gateway.Counters.RescuesDenied));
        Assert.Equal(3, stable.Connections);
        await gateway.BalanceAsync();
    }

    [Fact]
    public void The_budget_is_a_tenth_of_the_last_ten_seconds_and_at_least_three()
    {
        var time = new ManualTimeProvider();
        var budget = new RescueBudget(0.10, 3, time);
        int Taken() => Enumerable.Range(0, 1000).Count(_ => budget.TryTake());
        Assert.Equal(3, Taken());
        for (var i = 0; i < 500; i++) budget.Count(time.GetTimestamp());
        Assert.Equal(47, Taken());
        budget.Return();
        Assert.Equal(1, Taken());
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, Taken());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(3, Taken());
    }

    [Fact]
    public async Task A_silent_agent_ends_in_a_timeout_that_is_its_own()
    {
        await using var agent = RawAgent.Silent();
        await using var gateway = await GatewayHost.StartAsync(options => options.FirstByteTimeout = TimeSpan.FromMilliseconds(200), Some.Spec(agent.Address, agent.Address, percent: 100));
        var answer = await gateway.Client.SendAsync("POST", "/", "{}");
        Assert.Equal((HttpStatusCode.GatewayTimeout, "canary"), (answer.Status, answer.Header("X-Canary-Variant")));
        Assert.Equal(OutcomeClass.Timeout, (await gateway.Outcomes.SingleAsync()).Class);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_stream_may_run_longer_than_the_first_byte_may_take()
    {
        var time = new ManualTimeProvider();
        using var next = new SemaphoreSlim(0);
        await using var agent = new RawAgent(async (socket, cancellation) =>
        {
            await RawAgent.ReadHeadAsync(socket, cancellation);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), cancellation);
            for (var i = 0; i < 6; i++)
            {
                await next.WaitAsync(cancellation);
                await socket.SendAsync("1\r\nx\r\n"u8.ToArray(), cancellation);
            }

            await socket.SendAsync("0\r\n\r\n"u8.ToArray(), cancellation);
        });
        await using var gateway = await GatewayHost.StartAsync(time, options => options.FirstByteTimeout = TimeSpan.FromSeconds(1), Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        for (var i = 0; i < 6; i++)
        {
            next.Release();
            Assert.EndsWith("\r\nx\r\n", await client.ReadUntilAsync("\r\nx\r\n"), StringComparison.Ordinal);
            time.Advance(TimeSpan.FromSeconds(10)); // only now that it has arrived
        }

        Assert.Equal("0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n"));
        Assert.Equal(OutcomeClass.Ok, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Fact]
    public async Task A_stream_that_falls_silent_ends_in_a_timeout()
    {
        await using var agent = new RawAgent(async (socket, cancellation) =>
        {
            await RawAgent.ReadHeadAsync(socket, cancellation);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        async Task<(string Text, OutcomeClass Class)> CallAsync(TimeSpan patience)
        {
            await using var gateway = await GatewayHost.StartAsync(options => options.ActivityTimeout = patience, Some.Spec(agent.Address, agent.Address));
            using var client = await RawClient.OpenAsync(gateway.Address);
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            return ((await client.ReadToEndAsync()).Text, (await gateway.Outcomes.SingleAsync()).Class);
        }

        var patience = TimeSpan.FromMilliseconds(250);
        var call = await CallAsync(patience);
        // A stall of this machine may be the silence that ends a call before its stream begins: more patience outlasts it.
        while (!call.Text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) call = await CallAsync(patience *= 2);
        Assert.EndsWith("\r\nx\r\n", call.Text, StringComparison.Ordinal); // never shown as complete
        Assert.Equal(OutcomeClass.Timeout, call.Class);
    }
}
