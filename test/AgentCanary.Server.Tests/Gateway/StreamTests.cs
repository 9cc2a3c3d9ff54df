using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

public sealed class StreamTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

    [Fact]
    public async Task Server_sent_events_arrive_one_by_one_as_the_agent_sends_them()
    {
        using var next = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync();
            for (var i = 0; i < 5; i++)
            {
                await next.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync($"data: {i}\n\n");
                await context.Response.Body.FlushAsync();
            }
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post);
        Assert.Contains("text/event-stream", await client.ReadHeadAsync(), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            next.Release(); // only what has arrived lets the agent go on
            Assert.EndsWith($"data: {i}\n\n", await client.ReadUntilAsync("\n\n"), StringComparison.Ordinal);
        }

        await client.ReadUntilAsync("0\r\n\r\n");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal(OutcomeClass.Ok, outcome.Class);
        Assert.InRange(outcome.FirstContent!.Value, TimeSpan.Zero, outcome.Latency!.Value);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task An_event_stream_that_a_get_opened_is_judged_by_its_handshake()
    {
        await using var agent = new RawAgent(async (socket, cancellation) =>
        {
            await RawAgent.ReadHeadAsync(socket, cancellation);
            await socket.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), cancellation);
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Get);
        Assert.Contains("200 OK", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(OutcomeClass.Ok, (await gateway.Outcomes.SingleAsync()).Class);
        client.Reset();
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_caller_who_leaves_cancels_the_agent_within_a_second_and_is_nobodys_failure()
    {
        using var left = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            using var aborted = context.RequestAborted.Register(() => left.Release());
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await Fastest.IsWithinAsync(TimeSpan.FromSeconds(1), async stopwatch =>
        {
            using var client = await RawClient.OpenAsync(gateway.Address);
            await client.SendAsync(Get);
            await client.ReadUntilAsync("first");
            stopwatch.Restart();
            client.Reset();
            Assert.True(await left.WaitAsync(Eventually.Limit));
        });
        await gateway.BalanceAsync();
        Assert.All(gateway.Outcomes.All, told => Assert.Equal(OutcomeClass.CanceledByClient, told.Outcome.Class));
    }

    [Fact]
    public async Task A_caller_who_leaves_before_the_first_byte_is_nobodys_failure()
    {
        await using var agent = RawAgent.Silent();
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Get);
        await Eventually.TrueAsync(() => agent.Connections == 1);
        client.Reset();
        Assert.Equal(OutcomeClass.CanceledByClient, (await gateway.Outcomes.SingleAsync()).Class);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_caller_who_leaves_while_her_body_is_read_is_counted_as_gone()
    {
        await using var agent = RawAgent.Silent();
        var spec = Some.Spec(agent.Address, agent.Address) with { Sticky = new() { Key = ["body:$.user"] } };
        await using var gateway = await GatewayHost.StartAsync(spec);
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\nhalf");
        await Eventually.TrueAsync(() => gateway.Counters.Received == 1);
        client.Reset();
        await gateway.BalanceAsync();
        Assert.Equal((1, 0), (gateway.Counters.GoneBeforeRouting, agent.Connections));
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhalf", true)]
    [InlineData("Content-Length: 100\r\n\r\nhalf", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", false)]
    [InlineData("Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n", false)]
    public async Task A_stream_that_breaks_is_never_shown_as_complete(string rest, bool resets)
    {
        await using var agent = RawAgent.Saying("HTTP/1.1 200 OK\r\n" + rest, resets);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post);
        var (text, wasReset) = await client.ReadToEndAsync();
        // Cut before the first byte went out, it can still be said plainly; later the connection breaks.
        var isWhole = text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) && (text.EndsWith("0\r\n\r\n", StringComparison.Ordinal) || text.Contains("half" + new string('x', 96), StringComparison.Ordinal));
        Assert.False(isWhole, text);
        Assert.True(wasReset || text.Length == 0 || text.StartsWith("HTTP/1.1 502", StringComparison.Ordinal) || text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal), text);
        Assert.Equal(OutcomeClass.StreamBroken, (await gateway.Outcomes.SingleAsync()).Class);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_websocket_passes_both_ways_and_its_handshake_is_the_outcome()
    {
        await using var agent = await TestAgent.StartAsync(EchoAsync, readsBody: false);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address, percent: 100));
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        using var limit = new CancellationTokenSource(Eventually.Limit);
        await socket.ConnectAsync(new UriBuilder(gateway.Address) { Scheme = "ws", Path = "/chat" }.Uri, limit.Token);
        Assert.Equal("canary", Assert.Single(socket.HttpResponseHeaders!["X-Canary-Variant"]));
        Assert.Equal(OutcomeClass.Ok, (await gateway.Outcomes.SingleAsync()).Class);
        var buffer = new byte[100];
        foreach (var word in new[] { "hello", "again" })
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(word), WebSocketMessageType.Text, true, limit.Token);
            var got = await socket.ReceiveAsync(buffer, limit.Token);
            Assert.Equal(word, Encoding.UTF8.GetString(buffer, 0, got.Count));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", limit.Token);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_long_request_reaches_the_agent_while_its_caller_still_sends_it()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var agent = await TestAgent.StartAsync(
            async context =>
            {
                Assert.NotEqual(0, await context.Request.Body.ReadAsync(new byte[100]));
                begun.SetResult();
                using var rest = new StreamReader(context.Request.Body);
                await context.Response.WriteAsync((await rest.ReadToEndAsync())[^5..]);
            },
            readsBody: false);
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n10000\r\n{new string('x', 0x10000)}\r\n");
        await begun.Task.WaitAsync(Eventually.Limit);
        await client.SendAsync("5\r\nworld\r\n0\r\n\r\n");
        Assert.Contains("world", (await client.ReadToEndAsync()).Text, StringComparison.Ordinal);
        Assert.Equal(OutcomeClass.Ok, (await gateway.Outcomes.SingleAsync()).Class);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { MessageType: not WebSocketMessageType.Close } got)
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, context.RequestAborted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }
}
