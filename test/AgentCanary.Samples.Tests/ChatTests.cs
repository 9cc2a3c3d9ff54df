using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AgentCanary.Samples.Tests;

public sealed class ChatTests
{
    [Fact]
    public async Task An_answer_has_the_shape_of_a_chat_completion()
    {
        await using var agent = await RunningAgent.StartAsync("--version", "v9");
        using var response = await agent.PostAsync(new { model = "gpt-x", messages = new[] { new { role = "user", content = "hello" } } });
        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("chat.completion", answer["object"]!.GetValue<string>());
        Assert.Equal("gpt-x", answer["model"]!.GetValue<string>());
        Assert.Equal("v9", answer["system_fingerprint"]!.GetValue<string>());
        Assert.Equal("stop", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal("assistant", answer["choices"]![0]!["message"]!["role"]!.GetValue<string>());
        var usage = answer["usage"]!;
        Assert.Equal(usage["total_tokens"]!.GetValue<int>(), usage["prompt_tokens"]!.GetValue<int>() + usage["completion_tokens"]!.GetValue<int>());
        Assert.True(usage["completion_tokens"]!.GetValue<int>() > 0);
    }

    [Fact]
    public async Task A_stream_carries_the_same_words_as_the_whole_answer_and_ends_with_its_reason_and_DONE()
    {
        await using var agent = await RunningAgent.StartAsync();
        const string question = "What is your refund policy for opened items?";
        var whole = await agent.AskAsync(question);
        var events = await agent.StreamAsync(question);
        Assert.Equal("[DONE]", events[^1]);
        var chunks = events.SkipLast(1).Select(RunningAgent.Parse).ToList();
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk["object"]!.GetValue<string>()));
        Assert.Single(chunks.Select(chunk => chunk["id"]!.GetValue<string>()).Distinct());
        Assert.Equal("assistant", Delta(chunks[0])["role"]!.GetValue<string>());
        Assert.Equal(whole["content"]!.GetValue<string>(), string.Concat(chunks.Select(chunk => Delta(chunk)["content"]?.GetValue<string>())));
        Assert.Equal("stop", chunks[^1]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.All(chunks.SkipLast(1), chunk => Assert.Null(chunk["choices"]![0]!["finish_reason"]));
    }

    [Fact]
    public async Task A_stream_tells_its_usage_in_one_more_chunk_when_asked()
    {
        await using var agent = await RunningAgent.StartAsync();
        var events = await agent.StreamAsync("hello", withUsage: true);
        var last = RunningAgent.Parse(events[^2]);
        Assert.Empty(last["choices"]!.AsArray());
        Assert.True(last["usage"]!["total_tokens"]!.GetValue<int>() > 0);
    }

    [Fact]
    public async Task An_answer_longer_than_the_token_limit_is_cut_and_says_so()
    {
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.PostAsync(new { max_completion_tokens = 3, messages = new[] { new { role = "user", content = "hello" } } });
        var answer = (await response.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("length", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(3, answer["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""{"messages":[{"content":"no role"}]}""")]
    [InlineData("""{"messages":[null]}""")]
    [InlineData("""null""")]
    [InlineData("""not json""")]
    [InlineData("""{"max_tokens":0,"messages":[{"role":"user","content":"hi"}]}""")]
    public async Task A_request_that_makes_no_sense_gets_the_error_shape_of_the_API(string body)
    {
        await using var agent = await RunningAgent.StartAsync();
        using var content = new StringContent(body);
        using var response = await agent.Client.PostAsync("/v1/chat/completions", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = (await response.Content.ReadFromJsonAsync<JsonNode>())!["error"]!;
        Assert.Equal("invalid_request_error", error["type"]!.GetValue<string>());
        Assert.NotEmpty(error["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Models_and_health_answer()
    {
        await using var agent = await RunningAgent.StartAsync("--version", "v2.3.4");
        var models = await agent.Client.GetFromJsonAsync<JsonNode>("/v1/models");
        Assert.Equal("support-agent", models!["data"]![0]!["id"]!.GetValue<string>());
        var health = await agent.Client.GetFromJsonAsync<JsonNode>("/healthz");
        Assert.Equal("v2.3.4", health!["version"]!.GetValue<string>());
    }

    private static JsonNode Delta(JsonNode chunk) => chunk["choices"]![0]!["delta"]!;
}
