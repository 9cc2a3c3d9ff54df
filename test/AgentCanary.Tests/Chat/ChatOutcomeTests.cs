using System.Net;
using Microsoft.Extensions.AI;

namespace AgentCanary.Tests.Chat;

public sealed class ChatOutcomeTests
{
    private readonly ChatWorld _world = new();

    public static TheoryData<AIContent, OutcomeClass> Contents => new()
    {
        { new TextContent("fine"), OutcomeClass.Ok },
        { new FunctionCallContent("call_1", "order"), OutcomeClass.Ok },
        { new ErrorContent("I cannot help with that") { ErrorCode = "Refusal" }, OutcomeClass.Refusal },
        { new ErrorContent("filtered") { ErrorCode = "content_filter" }, OutcomeClass.Safety },
        { new ErrorContent("no") { ErrorCode = "image_content_policy_violation" }, OutcomeClass.Safety },
        { new ErrorContent("slow down") { ErrorCode = "rate_limit_exceeded" }, OutcomeClass.RateLimited },
        { new ErrorContent("oops") { ErrorCode = "server_error" }, OutcomeClass.ErrorUpstream },
        { new ErrorContent("oops"), OutcomeClass.ErrorUpstream },
        { new FunctionResultContent("call_1", null) { Exception = new InvalidOperationException("tool") }, OutcomeClass.ToolError },
        { new FunctionCallContent("call_1", "order") { Exception = new FormatException("arguments") }, OutcomeClass.ToolError },
        { new McpServerToolResultContent("call_1") { Outputs = [new ErrorContent("tool")] }, OutcomeClass.ToolError },
        { new ToolApprovalRequestContent("1", new FunctionCallContent("call_1", "pay")), OutcomeClass.InputRequired },
    };

    [Theory, MemberData(nameof(Contents))]
    public async Task What_stands_in_an_answer_says_how_it_ended(AIContent content, OutcomeClass expected)
    {
        _world.Canary.Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, [new TextContent("so"), content])));
        await _world.AskAsync("v2");
        Assert.Equal(expected, _world.OutcomeOf("v2"));

        var streamed = new ChatWorld();
        streamed.Canary.Stream = _ => FakeChat.Updates(new(ChatRole.Assistant, "so"), new(ChatRole.Assistant, [content]));
        await streamed.StreamAsync("v2");
        Assert.Equal(expected, streamed.OutcomeOf("v2"));
    }

    [Theory]
    [InlineData("gpt-x-2026-08-01", 1_000L, 50L, 0.0018)]
    [InlineData("gpt-y", 1_000L, 50L, null)]
    [InlineData("gpt-x", 1_000L, null, null)]
    [InlineData(null, 1_000L, 50L, null)]
    public async Task An_answer_costs_what_the_deployments_prices_say_of_its_model_and_its_usage(string? model, long? input, long? output, double? expected)
    {
        var world = new ChatWorld(options => options.Prices = [new("gpt-x", 2, 10, 0.5, 2)]);
        world.Canary.Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "so"))
        {
            ModelId = model,
            Usage = new() { InputTokenCount = input, OutputTokenCount = output, CachedInputTokenCount = 467 },
        });
        await world.AskAsync("v2");
        var evidence = world.EvidenceOf("v2");
        Assert.Equal(expected is null ? (0, 1) : (1, 0), (evidence.CostCount, evidence.Unpriced));
        if (expected is { } cost) Assert.Equal(cost, evidence.CostPerRequest!.Value, 1e-6);
    }

    [Theory]
    [InlineData("stop", OutcomeClass.Ok)]
    [InlineData("tool_calls", OutcomeClass.Ok)]
    [InlineData("length", OutcomeClass.Truncated)]
    [InlineData("content_filter", OutcomeClass.Safety)]
    [InlineData("something_new", OutcomeClass.Ok)]
    public async Task The_reason_of_the_end_says_how_it_ended(string reason, OutcomeClass expected)
    {
        _world.Canary.Answer = _ => Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "so")) { FinishReason = new(reason) });
        await _world.AskAsync("v2");
        Assert.Equal(expected, _world.OutcomeOf("v2"));

        var streamed = new ChatWorld();
        streamed.Canary.Stream = _ => FakeChat.Updates(new(ChatRole.Assistant, "so"), new() { FinishReason = new(reason) });
        await streamed.StreamAsync("v2");
        Assert.Equal(expected, streamed.OutcomeOf("v2"));
    }

    public static TheoryData<Exception, OutcomeClass> Faults => new()
    {
        { new InvalidOperationException("oops"), OutcomeClass.ErrorUpstream },
        { new TimeoutException(), OutcomeClass.Timeout },
        { new TaskCanceledException("the network gave up", new TimeoutException()), OutcomeClass.Timeout },
        { new OperationCanceledException(), OutcomeClass.Timeout },
        { new HttpRequestException("no connection"), OutcomeClass.ErrorUpstream },
        { Http(HttpStatusCode.BadRequest), OutcomeClass.ErrorClient },
        { Http(HttpStatusCode.RequestTimeout), OutcomeClass.Timeout },
        { Http(HttpStatusCode.TooManyRequests), OutcomeClass.RateLimited },
        { Http(HttpStatusCode.Unauthorized), OutcomeClass.ErrorUpstream }, // the version's own key, not the caller's
        { Http(HttpStatusCode.NotFound), OutcomeClass.ErrorUpstream },
        { Http(HttpStatusCode.BadGateway), OutcomeClass.ErrorUpstream },
        { new InvalidOperationException("wrapped", Http(HttpStatusCode.TooManyRequests)), OutcomeClass.RateLimited },
        { new ProviderException(429), OutcomeClass.RateLimited },
        { new ProviderException(529), OutcomeClass.RateLimited },
        { new ProviderException(422), OutcomeClass.ErrorClient },
        { new ProviderException(503), OutcomeClass.ErrorUpstream },
        { new ProviderException(0), OutcomeClass.ErrorUpstream },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task What_a_version_throws_is_the_callers_and_says_how_the_call_ended(Exception fault, OutcomeClass expected)
    {
        _world.Canary.Answer = _ => Task.FromException<ChatResponse>(fault);
        Assert.Same(fault, await Record.ExceptionAsync(() => _world.AskAsync("v2")));
        Assert.Equal(expected, _world.OutcomeOf("v2"));

        var streamed = new ChatWorld();
        streamed.Canary.Stream = _ => FakeChat.UpdatesThen(fault);
        Assert.Same(fault, await Record.ExceptionAsync(() => streamed.StreamAsync("v2")));
        Assert.Equal(expected, streamed.OutcomeOf("v2"));

        var unopened = new ChatWorld();
        unopened.Canary.Stream = _ => throw fault;
        Assert.Same(fault, await Record.ExceptionAsync(() => unopened.StreamAsync("v2")));
        Assert.Equal(expected, unopened.OutcomeOf("v2"));
    }

    [Fact]
    public async Task A_caller_who_cancels_is_no_failure_of_the_version()
    {
        using var cancel = new CancellationTokenSource();
        _world.Canary.Answer = async token =>
        {
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
            return new();
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _world.Client.GetResponseAsync(ChatWorld.Hello, _world.OptionsFor("v2"), cancel.Token));
        Assert.Equal(OutcomeClass.CanceledByClient, _world.OutcomeOf("v2"));
    }

    [Fact]
    public async Task Tokens_and_latency_are_recorded()
    {
        _world.Canary.Answer = _ =>
        {
            _world.Time.Advance(TimeSpan.FromMilliseconds(800));
            return Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "so")) { Usage = new() { InputTokenCount = 100, OutputTokenCount = 20 } });
        };
        await _world.AskAsync("v2");
        var evidence = _world.EvidenceOf("v2");
        Assert.Equal((120, TimeSpan.FromMilliseconds(800)), (evidence.TokensPerRequest, evidence.MeanLatency));
    }

    private static HttpRequestException Http(HttpStatusCode status) => new("no", null, status);

    /// <summary>As the clients of OpenAI and Azure name the status of an answer.</summary>
    private sealed class ProviderException(int status) : Exception("the provider said no")
    {
        public int Status => status;
    }
}
