using AgentCanary.Testing;
namespace AgentCanary.Tests;

public sealed class ShadowBoundsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _time = new();
    private readonly ShadowAgent _stable = ShadowAgent.Echo("stable:");

    [Fact]
    public async Task A_hung_shadow_holds_no_more_than_its_places_and_its_queue_and_every_other_call_is_dropped()
    {
        var shadow = ShadowAgent.Hung();
        var deployment = Deploy(shadow, new() { MaxConcurrency = 2, QueueCapacity = 3 });

        for (var i = 0; i < 2; i++) await deployment.CallAsync($"{i}");
        await shadow.WasAskedAsync(2);
        for (var i = 2; i < 100_000; i++) await deployment.CallAsync($"{i}");

        Assert.Equal(new ShadowCounts(Offered: 100_000, Sent: 0, Dropped: 99_995, Failed: 0, TimedOut: 0, CompareFailed: 0), deployment.Counts);
        Assert.Equal(5, deployment.Counts.Pending);

        await DisposeWithinLimitAsync(deployment);
        Assert.Equal(new ShadowCounts(Offered: 100_000, Sent: 0, Dropped: 99_998, Failed: 0, TimedOut: 2, CompareFailed: 0), deployment.Counts);
        Assert.Equal(2, shadow.Requests.Count);
    }

    [Fact]
    public async Task A_full_queue_drops_the_newest_call_and_keeps_the_older_ones()
    {
        var gate = new TaskCompletionSource<string>();
        var shadow = new ShadowAgent((_, _) => gate.Task);
        var deployment = Deploy(shadow, new() { MaxConcurrency = 1, QueueCapacity = 2 });

        await deployment.CallAsync("with the shadow");
        await shadow.WasAskedAsync(1);
        foreach (var request in new[] { "waits", "waits too", "too new" }) await deployment.CallAsync(request);
        gate.SetResult("done");
        await deployment.DisposeAsync();

        Assert.Equal(["with the shadow", "waits", "waits too"], shadow.Requests);
        Assert.Equal(new ShadowCounts(Offered: 4, Sent: 3, Dropped: 1, Failed: 0, TimedOut: 0, CompareFailed: 0), deployment.Counts);
    }

    [Fact]
    public async Task A_shadow_that_is_late_is_told_to_stop_and_counted_as_timed_out()
    {
        var ended = new TaskCompletionSource();
        var shadow = new ShadowAgent(async (_, token) =>
        {
            using var registration = token.Register(ended.SetResult);
            await ended.Task;
            throw new OperationCanceledException(token);
        });
        var deployment = Deploy(shadow, new() { MaxConcurrency = 1 });

        await deployment.CallAsync("hello");
        await shadow.WasAskedAsync(1);
        _time.Advance(Limit - TimeSpan.FromTicks(1));
        Assert.False(ended.Task.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await ended.Task.WaitAsync(Eventually.Limit);
        await deployment.DisposeAsync();

        Assert.Equal(new ShadowCounts(Offered: 1, Sent: 0, Dropped: 0, Failed: 0, TimedOut: 1, CompareFailed: 0), deployment.Counts);
    }

    [Fact]
    public async Task A_place_is_free_again_once_a_late_shadow_has_ended()
    {
        var first = true;
        var shadow = new ShadowAgent(async (request, token) =>
        {
            if (!first) return request;
            first = false;
            return await ShadowAgent.Patient().CallAsync(request, token);
        });
        var deployment = Deploy(shadow, new() { MaxConcurrency = 1 });

        await deployment.CallAsync("late");
        await shadow.WasAskedAsync(1);
        _time.Advance(Limit);
        await deployment.CallAsync("in time");
        await deployment.DisposeAsync();

        Assert.Equal(new ShadowCounts(Offered: 2, Sent: 1, Dropped: 0, Failed: 0, TimedOut: 1, CompareFailed: 0), deployment.Counts);
    }

    [Fact]
    public async Task A_shadow_whose_cancellation_throws_is_one_more_late_shadow()
    {
        var shadow = new ShadowAgent(async (_, token) =>
        {
            var stopped = new TaskCompletionSource();
            token.Register(() =>
            {
                stopped.SetResult();
                throw new InvalidOperationException("The shadow does not like to be stopped.");
            });
            await stopped.Task;
            return "";
        });
        var deployment = Deploy(shadow, new() { MaxConcurrency = 1 });

        await deployment.CallAsync("hello");
        await shadow.WasAskedAsync(1);
        _time.Advance(Limit);
        await deployment.DisposeAsync();

        Assert.Equal((1, 0), (deployment.Counts.TimedOut, deployment.Counts.Pending));
    }

    [Fact]
    public async Task A_shadow_that_blocks_its_thread_delays_neither_the_call_nor_the_dispose()
    {
        using var release = new ManualResetEventSlim();
        var shadow = new ShadowAgent((request, _) =>
        {
            release.Wait(Eventually.Limit, CancellationToken.None);
            return Task.FromResult(request);
        });
        var deployment = Deploy(shadow, new() { MaxConcurrency = 1 });

        Assert.Equal("stable:hello", await deployment.CallAsync("hello"));
        await shadow.WasAskedAsync(1);
        await DisposeWithinLimitAsync(deployment);
        release.Set();

        Assert.Equal((1, 0), (deployment.Counts.TimedOut, deployment.Counts.Pending));
    }

    [Fact]
    public async Task A_comparison_that_hangs_holds_up_a_dispose_for_the_timeout_and_no_longer()
    {
        using var release = new ManualResetEventSlim();
        using var comparing = new SemaphoreSlim(0);
        var deployment = new ShadowDeployment<string, string>(
            _stable.CallAsync, ShadowAgent.Echo("shadow:").CallAsync, (_, _) =>
            {
                comparing.Release();
                release.Wait(Eventually.Limit, CancellationToken.None);
            }, new() { MaxConcurrency = 1, Timeout = Limit, TimeProvider = _time });

        await deployment.CallAsync("hello");
        await comparing.WaitAsync(Eventually.Limit);
        await DisposeWithinLimitAsync(deployment);
        release.Set();

        Assert.Equal(new ShadowCounts(Offered: 1, Sent: 1, Dropped: 0, Failed: 0, TimedOut: 0, CompareFailed: 0), deployment.Counts);
    }

    [Fact]
    public async Task After_a_dispose_stable_answers_alone_and_the_call_is_counted_as_dropped()
    {
        var shadow = ShadowAgent.Echo("shadow:");
        var deployment = Deploy(shadow, new());
        await deployment.DisposeAsync();
        await deployment.DisposeAsync();

        Assert.Equal("stable:hello", await deployment.CallAsync("hello"));

        Assert.Empty(shadow.Requests);
        Assert.Equal(new ShadowCounts(Offered: 1, Sent: 0, Dropped: 1, Failed: 0, TimedOut: 0, CompareFailed: 0), deployment.Counts);
    }

    private ShadowDeployment<string, string> Deploy(ShadowAgent shadow, ShadowOptions options) =>
        new(_stable.CallAsync, shadow.CallAsync, options: options with { Timeout = Limit, TimeProvider = _time });

    private async Task DisposeWithinLimitAsync(ShadowDeployment<string, string> deployment)
    {
        var disposal = deployment.DisposeAsync().AsTask();
        _time.Advance(Limit);
        await disposal.WaitAsync(Eventually.Limit);
    }
}
