using AgentCanary.Shadow;
using AgentCanary.Testing;

namespace AgentCanary.Tests;

public sealed class ShadowLimitsTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly ShadowAgent _stable = ShadowAgent.Echo("stable:");
    private readonly ShadowAgent _shadow = ShadowAgent.Echo("shadow:");

    [Fact]
    public async Task A_shadow_is_sent_the_hours_requests_and_is_asked_again_in_the_next_hour()
    {
        var limits = new ShadowLimits(_time) { Budget = new() { Requests = 5 } };
        await using var deployment = Deploy(limits);
        for (var i = 0; i < 20; i++) Assert.Equal("stable:hello", await deployment.CallAsync("hello"));
        await Eventually.TrueAsync(() => deployment.Counts.Pending == 0);
        Assert.Equal((5L, 15L, 20L), (deployment.Counts.Sent, deployment.Counts.OverBudget, deployment.Counts.Offered));
        Assert.Equal((ShadowStop.Requests, ShadowUse.Hour), limits.Stop);

        _time.Advance(ShadowUse.Hour);
        await deployment.CallAsync("hello");
        await Eventually.TrueAsync(() => deployment.Counts.Sent == 6);
    }

    [Fact]
    public async Task The_log_says_which_figure_of_the_budget_is_spent_until_when_and_what_to_do()
    {
        var log = new RecordingLogger();
        var limits = new ShadowLimits(_time) { Budget = new() { Requests = 1 } };
        await using var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, _shadow.CallAsync, options: new() { Limits = limits, TimeProvider = _time, Logger = log });
        for (var i = 0; i < 3; i++) await deployment.CallAsync("hello");
        await log.NextAsync();
        Assert.Equal(
            $"The shadow is sent nothing until {_time.GetUtcNow() + ShadowUse.Hour:u}: its budget of the hour is spent (shadow.budget.requests: 1); raise it, or wait for the next hour. "
                + "More traffic does not help until then. Later stops are only counted.", Assert.Single(log.Lines).Message);
    }

    [Fact]
    public async Task Deployments_that_share_limits_share_the_budget()
    {
        var limits = new ShadowLimits(_time) { Budget = new() { Requests = 7 } };
        await using var one = Deploy(limits);
        await using var other = Deploy(limits);
        for (var i = 0; i < 10; i++) await Task.WhenAll(one.CallAsync("hello"), other.CallAsync("hello"));
        await Eventually.TrueAsync(() => one.Counts.Pending + other.Counts.Pending == 0);
        Assert.Equal((7L, 13L), (one.Counts.Sent + other.Counts.Sent, one.Counts.OverBudget + other.Counts.OverBudget));
    }

    [Fact]
    public async Task What_waits_when_a_rest_begins_is_not_sent_and_is_counted_as_paused()
    {
        var limits = new ShadowLimits(_time);
        var first = new TaskCompletionSource<string>();
        var shadow = new ShadowAgent((_, _) => first.Task);
        await using var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, shadow.CallAsync, options: new() { Limits = limits, MaxConcurrency = 1 });
        for (var i = 0; i < 3; i++) await deployment.CallAsync("hello");
        await shadow.WasAskedAsync(1);
        limits.Rest(null);
        await deployment.CallAsync("hello");
        first.SetResult("at last");
        await Eventually.TrueAsync(() => deployment.Counts.Pending == 0);
        Assert.Equal((1L, 3L), (deployment.Counts.Sent, deployment.Counts.Paused));
        Assert.Equal((ShadowStop.RateLimited, TimeSpan.FromSeconds(30)), limits.Stop);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(limits.Stop);
    }

    [Fact]
    public async Task What_many_threads_take_is_counted_to_the_last_token()
    {
        var limits = new ShadowLimits(_time) { Budget = new() { Requests = 1_000_000, Tokens = 1_000_000, Cost = 1_000_000 } };
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5_000; i++) limits.Took(3, 0.5);
        })));
        Assert.Equal((60_000, 10_000, 20_000L), (limits.Use.Tokens.Sum, limits.Use.Cost.Sum, limits.Use.Cost.Known));
    }

    [Fact]
    public async Task Calls_that_come_at_once_never_send_more_than_the_budget()
    {
        var limits = new ShadowLimits(_time) { Budget = new() { Requests = 50 } };
        await using var deployment = Deploy(limits);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await deployment.CallAsync("hello");
        })));
        await Eventually.TrueAsync(() => deployment.Counts.Pending == 0);
        var counts = deployment.Counts;
        Assert.InRange(_shadow.Requests.Count, 1, 50);
        Assert.Equal(400, counts.Sent + counts.Dropped + counts.OverBudget);
        Assert.Equal(_shadow.Requests.Count, counts.Sent);
    }

    private ShadowDeployment<string, string> Deploy(ShadowLimits limits) => new(_stable.CallAsync, _shadow.CallAsync, options: new() { Limits = limits, QueueCapacity = 1_000 });
}
