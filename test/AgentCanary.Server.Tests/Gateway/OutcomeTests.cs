using System.Net;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

public sealed class OutcomeTests
{
    [Theory]
    [InlineData(200, null, OutcomeClass.Ok)]
    [InlineData(204, null, OutcomeClass.Ok)]
    [InlineData(304, null, OutcomeClass.Ok)]
    [InlineData(307, null, OutcomeClass.Ok)]
    [InlineData(400, null, OutcomeClass.ErrorClient)]
    [InlineData(404, null, OutcomeClass.ErrorClient)]
    [InlineData(429, null, OutcomeClass.RateLimited)]
    [InlineData(529, null, OutcomeClass.RateLimited)]
    [InlineData(500, null, OutcomeClass.ErrorUpstream)]
    [InlineData(503, null, OutcomeClass.ErrorUpstream)]
    [InlineData(200, "refusal", OutcomeClass.Refusal)]
    [InlineData(200, " tool_error ", OutcomeClass.ToolError)]
    [InlineData(200, "error_upstream", OutcomeClass.ErrorUpstream)]
    [InlineData(200, "safety", OutcomeClass.Safety)]
    [InlineData(200, "Safety", OutcomeClass.Ok)]
    [InlineData(200, "nonsense", OutcomeClass.Ok)]
    [InlineData(404, "ok", OutcomeClass.Ok)]
    [InlineData(500, "ok", OutcomeClass.ErrorUpstream)]
    [InlineData(500, "rate_limited", OutcomeClass.RateLimited)]
    [InlineData(503, "safety", OutcomeClass.Safety)]
    public async Task A_call_is_judged_by_its_status_and_by_what_its_agent_says(int status, string? said, OutcomeClass expected)
    {
        await using var agent = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            if (said is not null) context.Response.Headers["x-agent-outcome"] = said;
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = await gateway.Client.SendAsync("GET", "/");
        Assert.Equal((HttpStatusCode)status, answer.Status);
        Assert.DoesNotContain("x-agent-outcome", answer.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal(expected, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Equal(said is "Safety" or "nonsense" ? 1 : 0, gateway.Counters.BadReports);
    }

    [Fact]
    public async Task Every_header_and_list_of_scores_counts_and_what_makes_no_sense_is_left_out()
    {
        await using var agent = await TestAgent.StartAsync(context =>
        {
            context.Response.Headers["X-Agent-Score"] = new(["quality=0.8", "task_completion=1, user_satisfaction = 0.5", "bad=NaN", "worse=1e999", "=1", "quality=0.1", "a b=1"]);
            return Task.CompletedTask;
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = await gateway.Client.SendAsync("GET", "/");
        Assert.DoesNotContain("x-agent-score", answer.Headers.Keys, StringComparer.OrdinalIgnoreCase);
        Assert.Equal([new("quality", 0.8), new("task_completion", 1), new("user_satisfaction", 0.5)], (await gateway.Outcomes.SingleAsync()).Scores.ToArray());
        Assert.Equal(4, gateway.Counters.BadReports);
    }

    [Theory, InlineData("Trailer: X-Agent-Outcome\r\n"), InlineData("")]
    public async Task An_agent_may_say_its_outcome_after_its_answer_announced_or_not(string announcement)
    {
        await using var agent = RawAgent.Saying(
            $"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{announcement}X-Agent-Outcome: ok\r\n\r\n2\r\nhi\r\n0\r\nX-Agent-Outcome: refusal\r\nX-Agent-Score: quality=0.25\r\n\r\n");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = await gateway.Client.SendAsync("GET", "/");
        Assert.Equal("hi", answer.Body);
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((OutcomeClass.Refusal, new Score("quality", 0.25)), (outcome.Class, outcome.Scores.Single()));
    }

    [Fact]
    public async Task A_safety_violation_is_recorded_before_its_answer_ends()
    {
        using var end = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            context.Response.Headers["X-Agent-Outcome"] = "safety";
            await context.Response.Body.FlushAsync();
            await end.WaitAsync();
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = gateway.Client.SendAsync("POST", "/", "{}");
        Assert.Equal(OutcomeClass.Safety, (await gateway.Outcomes.SingleAsync()).Class);
        end.Release();
        await answer;
        await gateway.BalanceAsync();
    }

    [Theory]
    [InlineData(OutcomeClass.StreamBroken, OutcomeClass.Ok, OutcomeClass.StreamBroken)]
    [InlineData(OutcomeClass.Timeout, OutcomeClass.Refusal, OutcomeClass.Timeout)]
    [InlineData(OutcomeClass.CanceledByClient, OutcomeClass.ErrorUpstream, OutcomeClass.CanceledByClient)]
    [InlineData(OutcomeClass.StreamBroken, OutcomeClass.Safety, OutcomeClass.Safety)]
    [InlineData(OutcomeClass.CanceledByClient, OutcomeClass.Safety, OutcomeClass.Safety)]
    public void What_broke_on_the_wire_cannot_be_talked_away(OutcomeClass seen, OutcomeClass said, OutcomeClass expected) =>
        Assert.Equal(expected, CallOutcome.Join(seen, brokeOnWire: true, said));

    [Fact]
    public async Task Latency_and_the_time_to_the_first_byte_are_the_calls_own()
    {
        var time = new ManualTimeProvider();
        using var end = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            time.Advance(TimeSpan.FromMilliseconds(150));
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await end.WaitAsync();
            await context.Response.WriteAsync("last");
        });
        await using var gateway = await GatewayHost.StartAsync(time, _ => { }, Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadUntilAsync("first");
        time.Advance(TimeSpan.FromMilliseconds(350));
        end.Release();
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((150, 500), (outcome.FirstContent!.Value.TotalMilliseconds, outcome.Latency!.Value.TotalMilliseconds));
    }
}
