using System.Net;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Http;

namespace AgentCanary.Server.Gateway;

/// <summary>What a shadow may take in an hour, and when it rests.</summary>
public sealed class ShadowLimitsTests
{
    private static readonly string Answer = ChatAgent.Whole("""{"content":"It left"}"""); // 42 tokens

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task A_shadow_is_sent_its_hours_requests_and_users_are_answered_all_the_same()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync("ok");
        await using var gateway = await StartAsync(stable, canary, new() { Requests = 5 });
        for (var i = 1; i <= 12; i++) await AskAsync(gateway, i, "GET", "/", "ok");
        Assert.Equal((5L, 7L, 5), (Counts(gateway).Sent, Counts(gateway).OverBudget, canary.Requests.Count));
        _time.Advance(ShadowUse.Hour);
        await AskAsync(gateway, 13, "GET", "/", "ok");
        Assert.Equal(6, canary.Requests.Count);
    }

    [Theory]
    [InlineData(100L, null, 2)] // 42 each: the third would be too much
    [InlineData(null, 0.0005, 2)] // 0.00018 each
    [InlineData(42L, null, 1)]
    public async Task Tokens_and_cost_are_read_from_the_shadows_answers(long? tokens, double? cost, int sent)
    {
        await using var stable = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, Answer));
        await using var canary = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, Answer));
        await using var gateway = await StartAsync(stable, canary, new() { Tokens = tokens, Cost = cost }, new ModelPrice("gpt-x", 2, 10));
        for (var i = 1; i <= 5; i++) await AskAsync(gateway, i, "POST", ChatAgent.Route, Answer);
        Assert.Equal(((long)sent, 5L - sent), (Counts(gateway).Sent, Counts(gateway).OverBudget));
    }

    [Theory]
    [InlineData("gpt-y", null, 1.0, 1)] // no price
    [InlineData("gpt-x", null, 1.0, 4)]
    [InlineData("", 1_000L, null, 1)] // no usage
    public async Task An_answer_that_has_no_price_or_no_usage_stops_the_shadow(string priced, long? tokens, double? cost, int sent)
    {
        await using var stable = await TestAgent.StartAsync(context => ChatAgent.AnswerAsync(context, Answer));
        await using var canary = await TestAgent.StartAsync(context => priced.Length == 0 ? context.Response.WriteAsync("plain") : ChatAgent.AnswerAsync(context, Answer));
        await using var gateway = await StartAsync(stable, canary, new() { Tokens = tokens, Cost = cost }, new ModelPrice(priced, 2, 10));
        for (var i = 1; i <= 4; i++) await AskAsync(gateway, i, "POST", ChatAgent.Route, Answer);
        Assert.Equal(((long)sent, 4L - sent), (Counts(gateway).Sent, Counts(gateway).OverBudget));
    }

    [Fact]
    public async Task Reads_and_failures_that_do_not_say_what_they_took_stop_nothing()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Method == "POST" ? 503 : 200;
            return context.Response.WriteAsync("ok");
        });
        await using var gateway = await StartAsync(stable, canary, new() { Tokens = 10 });
        for (var i = 1; i <= 4; i++) await AskAsync(gateway, i, i % 2 == 0 ? "POST" : "GET", "/", "ok");
        Assert.Equal(4, canary.Requests.Count);
    }

    [Theory]
    [InlineData(null, 30), InlineData("7", 7), InlineData("Thu, 01 Jan 2026 12:00:20 GMT", 20), InlineData("soon", 30), InlineData("600", 30)]
    public async Task While_stable_is_rate_limited_the_shadow_rests(string? retryAfter, int seconds)
    {
        await using var stable = await TestAgent.StartAsync(context => LimitAsync(context, retryAfter));
        await using var canary = await TestAgent.StartAsync("ok");
        await using var gateway = await StartAsync(stable, canary, new());
        await AskAsync(gateway, 1, "GET", "/", "ok");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await gateway.Client.SendAsync("GET", "/limit")).Status);
        await AskAsync(gateway, 2, "GET", "/", "ok");
        _time.Advance(TimeSpan.FromSeconds(seconds - 1));
        await AskAsync(gateway, 3, "GET", "/", "ok");
        Assert.Equal((1L, 2L), (Counts(gateway).Sent, Counts(gateway).Paused));
        _time.Advance(TimeSpan.FromSeconds(1));
        await AskAsync(gateway, 4, "GET", "/", "ok");
        Assert.Equal(2, Counts(gateway).Sent);
    }

    [Fact]
    public async Task A_shadow_that_is_rate_limited_itself_rests_too()
    {
        await using var stable = await TestAgent.StartAsync("ok");
        await using var canary = await TestAgent.StartAsync(context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "60";
            return Task.CompletedTask;
        });
        await using var gateway = await StartAsync(stable, canary, new());
        for (var i = 1; i <= 3; i++) await AskAsync(gateway, i, "GET", "/", "ok");
        Assert.Equal((1L, 2L, 1), (Counts(gateway).Sent, Counts(gateway).Paused, canary.Requests.Count));
    }

    private static Task LimitAsync(HttpContext context, string? retryAfter)
    {
        if (context.Request.Path != "/limit") return context.Response.WriteAsync("ok");
        context.Response.StatusCode = 429;
        if (retryAfter is not null) context.Response.Headers.RetryAfter = retryAfter;
        return Task.CompletedTask;
    }

    private Task<GatewayHost> StartAsync(TestAgent stable, TestAgent canary, ShadowBudget budget, params ModelPrice[] prices)
    {
        var spec = Some.Spec(stable.Address, canary.Address, percent: 0);
        return GatewayHost.StartAsync(_time, _ => { }, spec with
        {
            Stages = [spec.Stages[0] with { Shadow = Weight.Full }, spec.Stages[1]],
            Shadow = new() { Safe = ["/*"], Budget = budget },
            Prices = [.. prices.Where(price => price.Model.Length > 0)],
        });
    }

    // One after the other, so that it is known which of them are sent.
    private static async Task AskAsync(GatewayHost gateway, int offered, string method, string path, string answer)
    {
        Assert.Equal(answer, (await gateway.Client.SendAsync(method, path, method == "GET" ? null : "{}")).Body);
        await Eventually.TrueAsync(() => Counts(gateway) is { Pending: 0 } counts && counts.Offered == offered);
    }

    private static ShadowCounts Counts(GatewayHost gateway) => gateway.Counters.Shadows.GetValueOrDefault("support-agent");
}
