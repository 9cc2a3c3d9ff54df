using AgentCanary.Testing;

namespace AgentCanary.Server.Gateway;

/// <summary>Streams that last as long as the caller likes, and others that look like them.</summary>
public sealed class ListeningTests
{
    [Fact]
    public async Task A_stream_that_is_owed_no_end_is_recorded_when_it_begins()
    {
        using var end = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            await ChatAgent.StreamAsync(context, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\"}\n\n");
            await end.WaitAsync();
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = gateway.Client.SendAsync("POST", "/mcp", "{}", headers: ("Mcp-Method", "subscriptions/listen"));
        Assert.Equal(OutcomeClass.Ok, (await gateway.Outcomes.SingleAsync()).Class);
        end.Release();
        await answer;
        await gateway.BalanceAsync();
    }

    [Theory, InlineData("COMPLETED", OutcomeClass.Ok), InlineData("FAILED", OutcomeClass.ErrorUpstream), InlineData("WORKING", OutcomeClass.StreamBroken)]
    public async Task A_task_that_is_followed_by_a_GET_is_judged_by_its_end(string state, OutcomeClass expected)
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.StreamAsync(context, Task("WORKING"), Task(state)));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("GET", "/tasks/t-1:subscribe");
        Assert.Equal(expected, (await gateway.Outcomes.SingleAsync()).Class);
    }

    private static string Task(string state) => $$"""data: {"task":{"id":"t-1","contextId":"c-1","status":{"state":"TASK_STATE_{{state}}"} } }""" + "\n\n";
}
