using AgentCanary.Control;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>A rollback that cuts ends what its canary has under way, in the protocol's own words for a failure, and never as if it were whole.</summary>
public sealed class CutTests
{
    private const string Created = "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"in_progress\"}}\n\n";
    private const string ToolEvent = "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{}}\n\n";

    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData("/v1/responses", "{}", Created, "\"type\":\"response.failed\",\"response\":{\"id\":\"resp_1\"")]
    [InlineData("/v1/messages", "{}", "event: ping\ndata: {\"type\":\"ping\",\"of\":\"anthropic\"}\n\n", "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"")]
    [InlineData("/ag-ui", "{}", "data: {\"type\":\"RUN_STARTED\",\"threadId\":\"t-1\"}\n\n", "data: {\"type\":\"RUN_ERROR\",\"message\":\"")]
    [InlineData("/a2a", "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"SendStreamingMessage\"}", ToolEvent, "{\"jsonrpc\":\"2.0\",\"id\":8,\"error\":{\"code\":-32603")]
    [InlineData("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":\"call-7\",\"method\":\"tools/call\"}", ToolEvent, "{\"jsonrpc\":\"2.0\",\"id\":\"call-7\",\"error\":{\"code\":-32603")]
    [InlineData("/mcp", "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\"}", ToolEvent, "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":-32603")]
    public async Task A_stream_ends_with_its_protocols_own_failure(string path, string body, string begun, string failure)
    {
        await using var agent = await TestAgent.StartAsync(context => StreamAsync(context, begun));
        await using var gateway = await StartAsync(agent, PinsOnRollback.Cut);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post(path, body));
        await client.ReadUntilAsync(begun[^20..]);

        Cut(gateway);
        var (rest, wasReset) = await client.ReadToEndAsync();

        Assert.Contains(failure, rest, StringComparison.Ordinal);
        Assert.EndsWith("0\r\n\r\n", rest, StringComparison.Ordinal);
        Assert.False(wasReset);
        await SettleAsync(gateway);
    }

    [Theory]
    [InlineData(ChatAgent.Route, "data: {\"object\":\"chat.completion.chunk\",\"choices\":[]}\n\n")]
    [InlineData("/v1/responses", Created + "event: response.output_text.delta\ndata: {\"typ")]
    public async Task Where_no_words_fit_a_stream_is_broken_off(string path, string begun)
    {
        await using var agent = await TestAgent.StartAsync(context => StreamAsync(context, begun));
        await using var gateway = await StartAsync(agent, PinsOnRollback.Cut);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post(path, "{}"));
        await client.ReadUntilAsync(begun[^8..]);

        Cut(gateway);
        var (rest, _) = await client.ReadToEndAsync();

        Assert.DoesNotContain("0\r\n\r\n", rest, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", rest, StringComparison.Ordinal);
        await SettleAsync(gateway);
    }

    [Fact]
    public async Task Who_waits_for_an_answer_is_told_that_there_will_be_none()
    {
        await using var agent = await TestAgent.StartAsync(_ => _end.Task);
        await using var gateway = await StartAsync(agent, PinsOnRollback.Cut);
        var waiting = gateway.Client.SendAsync("POST", "/v1/responses", "{}");
        await Eventually.TrueAsync(() => !agent.Requests.IsEmpty);

        Cut(gateway);
        var answer = await waiting;

        Assert.Equal(503, (int)answer.Status);
        Assert.Contains("version_withdrawn", answer.Body, StringComparison.Ordinal);
        await SettleAsync(gateway);
    }

    [Fact]
    public async Task Who_has_nothing_of_an_answer_that_began_is_told_that_there_will_be_none()
    {
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            context.Response.Headers["Mcp-Session-Id"] = "session-1";
            context.Response.ContentType = "application/json";
            await context.Response.Body.FlushAsync();
            await _end.Task;
        });
        await using var gateway = await StartAsync(agent, PinsOnRollback.Cut);
        var waiting = gateway.Client.SendAsync("POST", "/mcp", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\"}");
        await Eventually.TrueAsync(() => gateway.Get<PinBoard>().Of("support-agent").IsUsed); // the head has come

        Cut(gateway);
        var answer = await waiting;

        Assert.Equal(503, (int)answer.Status);
        Assert.Contains("version_withdrawn", answer.Body, StringComparison.Ordinal);
        await SettleAsync(gateway);
    }

    [Fact]
    public async Task Where_the_file_releases_a_stream_finishes_on_the_canary()
    {
        await using var agent = await TestAgent.StartAsync(context => StreamAsync(context, Created));
        await using var gateway = await StartAsync(agent, PinsOnRollback.Release);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post("/v1/responses", "{}"));
        await client.ReadUntilAsync(Created[^20..]);

        Cut(gateway);
        _end.SetResult();
        Assert.EndsWith("0\r\n\r\n", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Counters.Cut);
    }

    [Fact]
    public async Task A_canary_that_is_unsafe_is_cut_where_the_file_releases_too()
    {
        await using var agent = await TestAgent.StartAsync(context => StreamAsync(context, Created));
        await using var gateway = await StartAsync(agent, PinsOnRollback.Release);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post("/v1/responses", "{}"));
        await client.ReadUntilAsync(Created[^20..]);

        Cut(gateway, PinsOnRollback.Cut);

        Assert.Contains("response.failed", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
        await SettleAsync(gateway);
    }

    [Fact]
    public async Task What_stable_answers_in_the_canarys_place_is_no_canarys_and_is_not_cut()
    {
        await using var stable = await TestAgent.StartAsync(context => StreamAsync(context, Created));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(stable.Address, RawAgent.Nobody(), percent: 100) with { PinsOnRollback = PinsOnRollback.Cut });
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post("/v1/responses", "{}"));
        Assert.Contains(Created, await client.ReadUntilAsync(Created[^20..]), StringComparison.Ordinal);

        Cut(gateway);
        _end.SetResult();

        Assert.EndsWith("0\r\n\r\n", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Counters.Cut);
    }

    [Fact]
    public async Task A_stream_that_began_on_a_canary_which_has_completed_is_not_cut_with_its_successor()
    {
        await using var agent = await TestAgent.StartAsync(context => StreamAsync(context, Created));
        await using var gateway = await StartAsync(agent, PinsOnRollback.Cut);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post("/v1/responses", "{}"));
        await client.ReadUntilAsync(Created[^20..]);

        var runtime = gateway.Get<RolloutRegistry>().Current["support-agent"];
        runtime.Publish(runtime.State with { Spec = runtime.Spec with { Stable = runtime.Spec.Canary, Canary = runtime.Spec.Canary with { Version = "v1.2.0" } } });
        Cut(gateway);
        _end.SetResult();

        Assert.EndsWith("0\r\n\r\n", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(0, gateway.Counters.Cut);
    }

    [Fact]
    public async Task After_the_cut_new_calls_are_stables_and_nothing_ends_them()
    {
        await using var agent = await TestAgent.StartAsync("hello");
        await using var gateway = await StartAsync(agent, PinsOnRollback.Cut);
        Cut(gateway);
        Assert.Equal("stable", (await gateway.Client.SendAsync("POST", "/v1/responses", "{}")).Header("X-Canary-Variant"));
    }

    private static string Post(string path, string body) =>
        $"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    private static Task<GatewayHost> StartAsync(TestAgent agent, PinsOnRollback rule) =>
        GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address, percent: 100) with { PinsOnRollback = rule });

    private static void Cut(GatewayHost gateway, PinsOnRollback? pins = null)
    {
        var runtime = gateway.Get<RolloutRegistry>().Current["support-agent"];
        runtime.Publish(runtime.State with { Phase = Phase.RolledBack, Pins = pins ?? runtime.Spec.PinsOnRollback });
        if (runtime.State.Pins is PinsOnRollback.Cut) gateway.Get<PinBoard>().Cut("support-agent", runtime.Spec.Canary.Version);
    }

    private async Task SettleAsync(GatewayHost gateway)
    {
        _end.TrySetResult();
        await gateway.BalanceAsync();
        Assert.Equal(OutcomeClass.Abandoned, (await gateway.Outcomes.SingleAsync()).Class);
        Assert.Equal(1, gateway.Counters.Cut);
    }

    private async Task StreamAsync(HttpContext context, string begun)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync(begun);
        await context.Response.Body.FlushAsync();
        await _end.Task;
    }
}
