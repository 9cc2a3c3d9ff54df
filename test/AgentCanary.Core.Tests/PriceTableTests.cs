using System.Collections.Immutable;
using AgentCanary.Protocols;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests;

public sealed class PriceTableTests
{
    private static readonly PriceTable Table = new(
    [
        new("gpt-4o", 2.5, 10, 1.25, 2.5), new("gpt-4o-2024-05-13", 5, 15), new("gpt-4o-mini*", 0.15, 0.6),
        new("claude-*", 3, 15), new("claude-opus-*", 15, 75), new("local", 0, 0),
    ]);

    [Theory]
    [InlineData("gpt-4o", "gpt-4o")]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData("gpt-4o-20240806", "gpt-4o")]
    [InlineData("gpt-4o@20240806", "gpt-4o")]
    [InlineData("gpt-4o-2024-05-13", "gpt-4o-2024-05-13")]
    [InlineData("gpt-4o-mini", "gpt-4o-mini*")]
    [InlineData("gpt-4o-mini-2024-07-18", "gpt-4o-mini*")]
    [InlineData("claude-sonnet-4-20250514", "claude-*")]
    [InlineData("claude-opus-4-20250514", "claude-opus-*")]
    public void A_model_has_the_price_of_its_name_else_of_its_name_without_the_date_else_of_the_longest_beginning(string model, string priced) =>
        Assert.Equal(priced, Table.Find(model)?.Model);

    [Theory]
    [InlineData("gpt-4o-audio")]
    [InlineData("gpt-4o-audio-2024-10-01")]
    [InlineData("gpt-4")]
    [InlineData("gpt-4o-2024-8-6")]
    [InlineData("GPT-4o")]
    [InlineData("-2024-08-06")]
    [InlineData("2024-08-06")]
    [InlineData("claude")]
    [InlineData("")]
    [InlineData(null)]
    public void Another_model_has_no_price_and_so_no_cost(string? model)
    {
        Assert.Null(Table.Find(model));
        Assert.Null(Table.CostOf(model, new(1_000, 10)));
    }

    [Fact]
    public void An_answer_whose_tokens_nobody_knows_has_no_cost() => Assert.Null(Table.CostOf("gpt-4o", null));

    [Fact]
    public void A_model_that_is_listed_at_nothing_costs_nothing() => Assert.Equal(0, Table.CostOf("local", new(1_000, 10)));

    [Fact]
    public void What_went_through_a_cache_has_prices_of_its_own()
    {
        var table = new PriceTable([new("m", 3, 15, 0.3, 3.75)]);
        var cost = table.CostOf("m", new(10_000, 1_000) { Cached = 6_000, CacheWrite = 1_000 });
        Assert.Equal(((3_000 * 3) + (6_000 * 0.3) + (1_000 * 3.75) + (1_000 * 15)) / 1e6, cost!.Value, 1e-12);
    }

    [Fact]
    public void A_figure_that_no_answer_costs_is_no_cost() => Assert.Null(new PriceTable([new("m", 1e6, 1e6)]).CostOf("m", new(2_000_000, 0)));

    [Fact]
    public void Two_protocols_that_count_the_cache_differently_cost_the_same()
    {
        var table = new PriceTable([new("m", 3, 15, 0.3, 3.75)]);
        var openAi = Read(AgentProtocol.Find("openai-chat")!, "/v1/chat/completions",
            """{"object":"chat.completion","model":"m","choices":[{"index":0,"message":{"content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":50,"prompt_tokens_details":{"cached_tokens":700,"cache_write_tokens":200}}}""");
        var anthropic = Read(AgentProtocol.Find("anthropic")!, "/v1/messages",
            """{"type":"message","model":"m","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn","usage":{"input_tokens":100,"cache_read_input_tokens":700,"cache_creation_input_tokens":200,"output_tokens":50}}""");
        Assert.Equal(openAi.Usage, anthropic.Usage);
        Assert.Equal(0.00201, table.CostOf("m", anthropic.Usage)!.Value, 1e-12);
    }

    [Fact]
    public void No_tokens_make_an_answer_cheaper() => Prop.ForAll<int>(seed =>
    {
        var random = new Random(seed);
        var table = new PriceTable([new("m", random.Next(100), random.Next(100), random.Next(100), random.Next(100))]);
        var usage = new TokenUsage(random.Next(100_000), random.Next(100_000)) { Cached = random.Next(50_000), CacheWrite = random.Next(50_000) };
        var cost = table.CostOf("m", usage);
        Assert.True(cost >= 0);
        Assert.True(table.CostOf("m", usage with { Output = usage.Output + random.Next(1_000) }) >= cost);
        Assert.True(table.CostOf("m", usage with { Input = usage.Input + random.Next(1_000) }) >= cost);
    }).QuickCheckThrowOnFailure();

    private static AnswerReading Read(AgentProtocol protocol, string path, string body)
    {
        var reader = protocol.Open(new("POST", path, new Fields(["content-type: application/json"])), new(200, new Fields(["content-type: application/json"])));
        reader.Read(System.Text.Encoding.UTF8.GetBytes(body));
        return reader.End(AnswerEnd.Complete);
    }
}
