using System.IO.Compression;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>Outcomes, keys and times that the gateway reads off agents' protocols; what each protocol says is tested in the core.</summary>
public sealed class ProtocolTests
{
    private const string Refusal = """{"role":"assistant","content":null,"refusal":"I cannot help with that."}""";

    [Theory]
    [InlineData("auto", OutcomeClass.Refusal, 42L, "gpt-x")]
    [InlineData("openai-chat", OutcomeClass.Refusal, 42L, "gpt-x")]
    [InlineData("http", OutcomeClass.Ok, null, null)]
    [InlineData("none", OutcomeClass.Ok, null, null)]
    public async Task An_answer_means_what_its_protocol_says_and_the_file_says_which_that_is(string protocol, OutcomeClass expected, long? tokens, string? model)
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, ChatAgent.Whole(Refusal)));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address) with { Protocol = protocol });
        var answer = await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        Assert.Equal(ChatAgent.Whole(Refusal), answer.Body);
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((expected, tokens, model), (outcome.Class, outcome.Tokens, outcome.Model));
    }

    [Fact]
    public async Task Without_a_known_route_the_first_bytes_of_an_answer_tell_its_protocol()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, ChatAgent.Whole(Refusal)));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", "/ask", "{}");
        Assert.Equal(OutcomeClass.Refusal, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Fact]
    public async Task A_stream_passes_as_it_comes_and_the_time_to_its_first_content_is_not_that_of_its_first_byte()
    {
        var time = new ManualTimeProvider();
        using var next = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await ChatAgent.StreamAsync(context, ChatAgent.Role);
            await next.WaitAsync();
            time.Advance(TimeSpan.FromMilliseconds(200));
            await ChatAgent.StreamAsync(context, ChatAgent.Chunk("""{"content":"It left"}"""));
            await next.WaitAsync();
            time.Advance(TimeSpan.FromMilliseconds(400));
            await ChatAgent.StreamAsync(context, ChatAgent.Chunk("{}", "\"stop\""), ChatAgent.Done);
        });
        await using var gateway = await GatewayHost.StartAsync(time, _ => { }, Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post());
        await client.ReadUntilAsync(ChatAgent.Role);
        next.Release(); // only what has arrived lets the agent go on
        await client.ReadUntilAsync("It left");
        next.Release();
        await client.ReadUntilAsync("[DONE]");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((OutcomeClass.Ok, 300, 700), (outcome.Class, outcome.FirstContent!.Value.TotalMilliseconds, outcome.Latency!.Value.TotalMilliseconds));
    }

    [Theory]
    [InlineData(null, OutcomeClass.StreamBroken)]
    [InlineData("ok", OutcomeClass.StreamBroken)]
    [InlineData("refusal", OutcomeClass.StreamBroken)]
    [InlineData("safety", OutcomeClass.Safety)]
    public async Task A_stream_that_ends_in_good_order_without_its_end_mark_is_broken_whatever_its_agent_says(string? said, OutcomeClass expected)
    {
        await using var agent = await TestAgent.StartAsync(context =>
        {
            if (said is not null) context.Response.Headers["X-Agent-Outcome"] = said;
            return ChatAgent.StreamAsync(context, ChatAgent.Role, ChatAgent.Chunk("""{"content":"It"}"""));
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        Assert.Equal(ChatAgent.Role + ChatAgent.Chunk("""{"content":"It"}"""), answer.Body);
        Assert.DoesNotContain("X-Agent-Outcome", answer.Headers.Keys);
        Assert.Equal(expected, (await gateway.Outcomes.SingleAsync()).Class);
    }

    [Fact]
    public async Task An_agents_own_word_is_finer_than_what_its_protocol_says()
    {
        await using var agent = await TestAgent.StartAsync(context =>
        {
            context.Response.Headers["X-Agent-Outcome"] = "tool_error";
            context.Response.Headers["X-Agent-Score"] = "quality=0.5";
            return ChatAgent.AnswerAsync(context, ChatAgent.Whole("""{"content":"Sorry, no luck"}"""));
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        Assert.DoesNotContain(answer.Headers.Keys, name => name.StartsWith("X-Agent", StringComparison.OrdinalIgnoreCase));
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((OutcomeClass.ToolError, 42L, new Score("quality", 0.5)), (outcome.Class, outcome.Tokens, outcome.Scores.Single()));
    }

    [Theory, InlineData(true, OutcomeClass.Ok), InlineData(false, OutcomeClass.CanceledByClient)]
    public async Task A_caller_who_leaves_behind_the_end_mark_got_the_whole_answer(bool isDone, OutcomeClass expected)
    {
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            await ChatAgent.StreamAsync(context, ChatAgent.Chunk("""{"content":"It left"}""", "\"stop\""), isDone ? ChatAgent.Done : ": wait\n\n");
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = await RawClient.OpenAsync(gateway.Address);
        await client.SendAsync(Post());
        await client.ReadUntilAsync(isDone ? "[DONE]" : ": wait");
        client.Reset();
        Assert.Equal(expected, (await gateway.Outcomes.SingleAsync()).Class);
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task A_filtered_answer_is_recorded_before_it_ends()
    {
        using var end = new SemaphoreSlim(0);
        await using var agent = await TestAgent.StartAsync(async context =>
        {
            await ChatAgent.StreamAsync(context, ChatAgent.Chunk("{}", "\"content_filter\""));
            await end.WaitAsync();
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        var answer = gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        Assert.Equal(OutcomeClass.Safety, (await gateway.Outcomes.SingleAsync()).Class);
        end.Release();
        await answer;
        await gateway.BalanceAsync();
    }

    [Fact]
    public async Task The_protocols_own_key_counts_where_the_files_are_missing()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, ChatAgent.Whole("{}")));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        const string Body = """{"messages":[{"role":"user","content":"hi"}],"prompt_cache_key":"cache","user":"u-1"}""";
        await gateway.Client.SendAsync("POST", ChatAgent.Route, Body, headers: ("x-user-id", "from-header"));
        await gateway.Client.SendAsync("POST", ChatAgent.Route + "?a=b", Body);
        await gateway.Client.SendAsync("POST", ChatAgent.Route, """{"prompt_cache_key":"cache","user":"u-1","safety_identifier":"s-1"}""");
        await gateway.Client.SendAsync("POST", ChatAgent.Route, """{"prompt_cache_key":"cache"}""");
        await gateway.Client.SendAsync("POST", "/elsewhere", Body);
        await gateway.Client.SendAsync("POST", "/v1/responses", """{"conversation":{"id":"conv_1"},"user":"u-1"}""");
        await gateway.Client.SendAsync("POST", "/v1/messages", """{"metadata":{"user_id":"m-1"}}""");
        await gateway.BalanceAsync();
        Assert.Equal(["from-header", "u-1", "s-1", null, null, "conv_1", "m-1"], gateway.Outcomes.All.Select(told => told.Key));
        Assert.Equal(Body, agent.Requests.First().Body);
    }

    [Fact]
    public async Task A_file_that_wants_a_draw_for_each_request_has_no_key_of_the_protocol_either()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, ChatAgent.Whole("{}")));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address) with { Sticky = new() { Key = [] } });
        await gateway.Client.SendAsync("POST", ChatAgent.Route, """{"user":"u-1"}""");
        await gateway.BalanceAsync();
        Assert.Null(gateway.Outcomes.All.Single().Key);
    }

    [Theory]
    [InlineData("auto", ChatAgent.Route, "identity")]
    [InlineData("auto", "/elsewhere", "gzip")]
    [InlineData("openai-chat", "/elsewhere", "identity")]
    [InlineData("http", ChatAgent.Route, "gzip")]
    public async Task Answers_that_are_read_are_asked_for_uncompressed(string protocol, string path, string expected)
    {
        await using var agent = await TestAgent.StartAsync("ok");
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address) with { Protocol = protocol });
        await gateway.Client.SendAsync("POST", path, "{}", headers: ("Accept-Encoding", "gzip"));
        Assert.Equal(expected, agent.Requests.Single().Headers["accept-encoding"]);
    }

    [Theory]
    [InlineData("gzip", OutcomeClass.Refusal, 42L)]
    [InlineData("br", OutcomeClass.Ok, null)]
    public async Task An_answer_that_comes_compressed_all_the_same_passes_as_it_is_and_is_unpacked_for_the_reading(string coding, OutcomeClass expected, long? tokens)
    {
        using var body = new MemoryStream();
        await using (Stream packing = coding == "br" ? new BrotliStream(body, CompressionLevel.Fastest, leaveOpen: true) : new GZipStream(body, CompressionLevel.Fastest, leaveOpen: true))
            await packing.WriteAsync(System.Text.Encoding.UTF8.GetBytes(ChatAgent.Whole(Refusal)));
        await using var agent = await TestAgent.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.Headers.ContentEncoding = coding;
            return context.Response.Body.WriteAsync(body.ToArray()).AsTask();
        });
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None });
        using var answer = await client.PostAsync(new Uri(gateway.Address, ChatAgent.Route), new StringContent("{}"));
        Assert.Equal(body.ToArray(), await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal([coding], answer.Content.Headers.ContentEncoding);
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((expected, tokens), (outcome.Class, outcome.Tokens));
        Assert.NotNull(outcome.FirstContent);
    }

    private static string Post() => $"POST {ChatAgent.Route} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{{}}";
}
