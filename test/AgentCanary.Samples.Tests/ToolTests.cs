using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AgentCanary.Samples.Tests;

public sealed class ToolTests
{
    [Theory]
    [InlineData("Where is order 1004?", "order_lookup", "1004")]
    [InlineData("How much would I get back for 1004?", "refund_quote", "333.40")]
    [InlineData("May I return opened electronics?", "policy_search", "restocking fee of 15 percent")]
    [InlineData("Where is order 9999?", "order_lookup", "can't find an order 9999")]
    public async Task A_question_runs_its_tool_and_the_answer_rests_on_the_result(string question, string tool, string expected)
    {
        await using var agent = await RunningAgent.StartAsync();
        var message = await agent.AskAsync(question);
        Assert.Equal(tool, message["tool_calls"]![0]!["function"]!["name"]!.GetValue<string>());
        Assert.Contains(expected, message["content"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_turn_remembers_the_order_of_an_earlier_one()
    {
        await using var agent = await RunningAgent.StartAsync();
        var message = await agent.AskAsync("Where is order 1004?", "And can I have a refund?");
        Assert.Equal("""{"order_id":"1004"}""", RunningAgent.Parse(message["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>()).ToJsonString());
        Assert.Contains("333.40", message["content"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Small_talk_runs_no_tool() =>
        Assert.Null((await AskAsync("hello"))["tool_calls"]);

    [Fact]
    public async Task The_same_conversation_gets_the_same_words() =>
        Assert.Equal((await AskAsync("hello"))["content"]!.GetValue<string>(), (await AskAsync("hello"))["content"]!.GetValue<string>());

    [Fact]
    public async Task A_tool_that_the_caller_offers_is_left_to_the_caller()
    {
        await using var agent = await RunningAgent.StartAsync();
        var tools = new[] { new { type = "function", function = new { name = "order_lookup" } } };
        var ask = new { role = "user", content = "Where is order 1004?" };
        using var first = await agent.PostAsync(new { tools, messages = new object[] { ask } });
        var choice = (await first.Content.ReadFromJsonAsync<JsonNode>())!["choices"]![0]!;
        Assert.Equal("tool_calls", choice["finish_reason"]!.GetValue<string>());
        Assert.Null(choice["message"]!["content"]);
        var id = choice["message"]!["tool_calls"]![0]!["id"]!.GetValue<string>();
        using var second = await agent.PostAsync(new
        {
            tools, messages = new object[] { ask, new { role = "assistant", content = (string?)null }, new { role = "tool", tool_call_id = id, content = "on the moon" } },
        });
        var message = (await second.Content.ReadFromJsonAsync<JsonNode>())!["choices"]![0]!["message"]!;
        Assert.Contains("on the moon", message["content"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_streamed_answer_carries_its_tool_calls()
    {
        await using var agent = await RunningAgent.StartAsync();
        var events = await agent.StreamAsync("Where is order 1004?");
        var calls = events.SkipLast(1).Select(e => RunningAgent.Parse(e)["choices"]![0]!["delta"]!["tool_calls"]).OfType<JsonNode>().ToList();
        Assert.Equal("order_lookup", Assert.Single(calls)[0]!["function"]!["name"]!.GetValue<string>());
        Assert.Equal(0, calls[0][0]!["index"]!.GetValue<int>());
    }

    private static async Task<JsonNode> AskAsync(string text)
    {
        await using var agent = await RunningAgent.StartAsync();
        return await agent.AskAsync(text);
    }
}
