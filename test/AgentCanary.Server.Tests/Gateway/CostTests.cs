using AgentCanary.Spec;

namespace AgentCanary.Server.Gateway;

/// <summary>What answers cost, by the prices of the rollout file.</summary>
public sealed class CostTests
{
    private static readonly string Answer = ChatAgent.Whole("""{"content":"It left"}""");

    [Fact]
    public async Task An_answer_costs_what_the_file_says_of_the_model_that_it_names()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, Answer));
        await using var gateway = await GatewayHost.StartAsync(Priced(agent, new ModelPrice("gpt-x", 2, 10)));
        await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal(((30 * 2) + (12 * 10)) / 1e6, outcome.Cost!.Value, 1e-12);
        Assert.Equal(42, outcome.Tokens);
        Assert.Equal((0L, 0L), Unpriced(gateway));
    }

    [Fact]
    public async Task An_answer_of_a_model_without_a_price_costs_nobody_knows_what_and_is_counted()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, Answer));
        await using var gateway = await GatewayHost.StartAsync(Priced(agent, new ModelPrice("gpt-x-mini", 2, 10)));
        await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((null, 42L, true), (outcome.Cost, outcome.Tokens, outcome.IsUnpriced));
        Assert.Equal((1L, 0L), Unpriced(gateway));
    }

    [Fact]
    public async Task A_stream_that_does_not_tell_its_usage_costs_nobody_knows_what_and_is_counted()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.StreamAsync(context, ChatAgent.Chunk("""{"content":"It left"}""", "\"stop\""), ChatAgent.Done));
        await using var gateway = await GatewayHost.StartAsync(Priced(agent, new ModelPrice("gpt-x", 2, 10)));
        await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((OutcomeClass.Ok, null, null), (outcome.Class, outcome.Cost, outcome.Tokens));
        Assert.Equal((0L, 1L), Unpriced(gateway));
    }

    [Theory]
    [InlineData(500, """{"error":{"message":"no","type":"server_error"},"model":"gpt-x"}""")]
    [InlineData(200, """{"data":[]}""")]
    public async Task What_no_model_answered_is_not_missing_a_price(int status, string body)
    {
        await using var agent = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return ChatAgent.AnswerAsync(context, body);
        });
        await using var gateway = await GatewayHost.StartAsync(Priced(agent, new ModelPrice("gpt-x", 2, 10)));
        await gateway.Client.SendAsync("GET", "/v1/models", "");
        Assert.Null((await gateway.Outcomes.SingleAsync()).Cost);
        Assert.Equal((0L, 0L), Unpriced(gateway));
    }

    [Theory]
    [InlineData("/v1/embeddings", """{"object":"list","data":[],"model":"embed-1","usage":{"prompt_tokens":3,"completion_tokens":0,"total_tokens":3}}""")]
    [InlineData("/v1/embeddings", """{"object":"list","data":[],"model":"embed-1","usage":{"prompt_tokens":3,"total_tokens":3}}""")]
    [InlineData("/v1/moderations", """{"id":"modr-1","model":"omni-moderation-1","results":[{"flagged":false}]}""")]
    public async Task An_answer_that_is_no_completion_is_missing_neither_a_price_nor_its_usage(string path, string body)
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, body));
        await using var gateway = await GatewayHost.StartAsync(Priced(agent, new ModelPrice("gpt-x", 2, 10)) with { Protocol = "openai-chat" });
        await gateway.Client.SendAsync("POST", path, "{}");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((OutcomeClass.Ok, false, false), (outcome.Class, outcome.IsUnpriced, outcome.IsUsageUnknown));
        Assert.Equal((0L, 0L), Unpriced(gateway));
    }

    [Theory]
    [InlineData("""[{"model":"gpt-x","inputTokens":42,"outputTokens":7},{"model":"gpt-dear","inputTokens":8,"outputTokens":3}]""")]
    [InlineData("""[{"inputTokens":50,"outputTokens":10}]""")]
    public async Task Tokens_of_several_models_or_of_one_that_is_not_named_cost_nobody_knows_what_and_are_counted(string usage)
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.StreamAsync(context,
            """data: {"type":"RUN_STARTED","threadId":"thread-1","runId":"run-1"}""" + "\n\n",
            $$"""data: {"type":"RUN_FINISHED","threadId":"thread-1","runId":"run-1","usage":{{usage}}}""" + "\n\n"));
        await using var gateway = await GatewayHost.StartAsync(Priced(agent, new ModelPrice("gpt-x", 2, 10)));
        await gateway.Client.SendAsync("POST", "/agent", """{"threadId":"thread-1","runId":"run-1","messages":[]}""");
        var outcome = await gateway.Outcomes.SingleAsync();
        Assert.Equal((OutcomeClass.Ok, null, 60L, true, false), (outcome.Class, outcome.Cost, outcome.Tokens, outcome.IsUnpriced, outcome.IsUsageUnknown));
        Assert.Equal((1L, 0L), Unpriced(gateway));
    }

    [Fact]
    public async Task Without_prices_in_the_file_nothing_is_missing()
    {
        await using var agent = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, Answer));
        await using var gateway = await GatewayHost.StartAsync(Some.Spec(agent.Address, agent.Address));
        await gateway.Client.SendAsync("POST", ChatAgent.Route, "{}");
        Assert.Null((await gateway.Outcomes.SingleAsync()).Cost);
        Assert.Equal((0L, 0L), Unpriced(gateway));
    }

    private static RolloutSpec Priced(TestAgent agent, ModelPrice price) => Some.Spec(agent.Address, agent.Address) with { Prices = [price] };

    private static (long Price, long Usage) Unpriced(GatewayHost gateway)
    {
        var all = gateway.Get<RequestTotals>().All;
        return (all.Sum(version => version.WithoutPrice), all.Sum(version => version.WithoutUsage));
    }
}
