using AgentCanary.Protocols;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A task has one outcome, however often somebody looks at it.</summary>
public sealed class PollTests
{
    private const string Background = """{"id":"resp_1","object":"response","status":"in_progress"}""";
    private const string Failed = """{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error","message":"x"},"usage":{"input_tokens":3,"output_tokens":4,"total_tokens":7} }""";
    private const string Done = """{"jsonrpc":"2.0","id":1,"result":{"kind":"task","id":"task-1","contextId":"c-1","status":{"state":"completed"} } }""";

    private readonly Queue<string> _answers = new();

    [Fact]
    public async Task The_first_look_at_what_has_ended_counts_and_later_ones_count_for_nothing()
    {
        await using var agent = await StartAsync(Background, Background, Failed, Failed, Failed);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/v1/responses", "{}");
        for (var i = 0; i < 4; i++) await gateway.Client.SendAsync("GET", "/v1/responses/resp_1");

        await gateway.BalanceAsync();
        Assert.Equal(
            (OutcomeClass[])[OutcomeClass.InputRequired, OutcomeClass.InputRequired, OutcomeClass.ErrorUpstream, OutcomeClass.InputRequired, OutcomeClass.InputRequired],
            gateway.Outcomes.All.Select(told => told.Outcome.Class));
        Assert.Equal(1, gateway.Outcomes.All.Count(told => told.Outcome.Tokens is not null));
    }

    [Fact]
    public async Task A_task_that_ended_with_its_call_is_not_counted_again_when_it_is_looked_at()
    {
        await using var agent = await StartAsync(Done, Done, Done);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/a2a", """{"jsonrpc":"2.0","id":1,"method":"message/send","params":{"message":{"role":"user","parts":[]} } }""");
        for (var i = 0; i < 2; i++) await gateway.Client.SendAsync("POST", "/a2a", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"id":"task-1"} }""");

        await gateway.BalanceAsync();
        Assert.Equal((OutcomeClass[])[OutcomeClass.Ok, OutcomeClass.InputRequired, OutcomeClass.InputRequired], gateway.Outcomes.All.Select(told => told.Outcome.Class));
    }

    [Fact]
    public async Task A_task_whose_stream_broke_off_has_not_ended_with_it()
    {
        const string working = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"kind\":\"task\",\"id\":\"task-1\",\"contextId\":\"c-1\",\"status\":{\"state\":\"working\"} } }";
        await using var agent = await StartAsync($"data: {working}\n\n", Done);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/a2a", """{"jsonrpc":"2.0","id":1,"method":"message/stream","params":{"message":{"role":"user","parts":[]} } }""");
        await gateway.Client.SendAsync("POST", "/a2a", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"id":"task-1"} }""");

        await gateway.BalanceAsync();
        Assert.Equal((OutcomeClass[])[OutcomeClass.StreamBroken, OutcomeClass.Ok], gateway.Outcomes.All.Select(told => told.Outcome.Class));
    }

    [Theory]
    [InlineData("message/send", """{"kind":"message","messageId":"m-2","taskId":"task-1","contextId":"c-1","role":"agent","parts":[]}""")]
    [InlineData("SendMessage", """{"message":{"messageId":"m-2","taskId":"task-1","contextId":"c-1","role":"ROLE_AGENT","parts":[]} }""")]
    [InlineData("tasks/pushNotificationConfig/get", """{"taskId":"task-1","pushNotificationConfig":{"url":"https://a.example"} }""")]
    public async Task What_an_answer_says_of_a_task_that_goes_on_does_not_end_it(string method, string result)
    {
        const string failed = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"kind\":\"task\",\"id\":\"task-1\",\"contextId\":\"c-1\",\"status\":{\"state\":\"failed\"} } }";
        await using var agent = await StartAsync($$"""{"jsonrpc":"2.0","id":1,"result":{{result}} }""", failed, failed);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/a2a", $$"""{"jsonrpc":"2.0","id":1,"method":"{{method}}","params":{"taskId":"task-1","message":{"taskId":"task-1","role":"user","parts":[]} } }""");
        for (var i = 0; i < 2; i++) await gateway.Client.SendAsync("POST", "/a2a", """{"jsonrpc":"2.0","id":1,"method":"tasks/get","params":{"id":"task-1"} }""");

        await gateway.BalanceAsync();
        Assert.Equal((OutcomeClass[])[OutcomeClass.Ok, OutcomeClass.ErrorUpstream, OutcomeClass.InputRequired], gateway.Outcomes.All.Select(told => told.Outcome.Class));
    }

    [Fact]
    public async Task A_score_of_a_response_that_was_polled_is_one_of_the_call_that_began_it()
    {
        await using var agent = await StartAsync(Background, Failed, Failed);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var begun = await gateway.Client.SendAsync("POST", "/v1/responses", "{}");
        for (var i = 0; i < 2; i++) await gateway.Client.SendAsync("GET", "/v1/responses/resp_1");

        await gateway.BalanceAsync();
        Assert.Equal(begun.Header("X-Canary-Decision"), gateway.Get<AnswerNames>().Find("support-agent", MintedIdKind.Response, "resp_1"));
    }

    private async Task<TestAgent> StartAsync(params string[] answers)
    {
        foreach (var answer in answers) _answers.Enqueue(answer);
        return await TestAgent.StartAsync(context =>
        {
            var answer = _answers.Dequeue();
            context.Response.ContentType = answer.StartsWith("data:", StringComparison.Ordinal) ? "text/event-stream" : "application/json";
            return context.Response.WriteAsync(answer);
        });
    }
}
