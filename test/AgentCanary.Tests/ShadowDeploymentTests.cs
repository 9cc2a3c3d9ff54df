using System.Collections.Concurrent;

namespace AgentCanary.Tests;

public sealed class ShadowDeploymentTests
{
    private readonly ShadowAgent _stable = ShadowAgent.Echo("stable:");

    [Fact]
    public async Task The_caller_gets_the_answer_of_stable_and_the_comparison_gets_both()
    {
        var pairs = new ConcurrentQueue<(string, string)>();
        var shadow = ShadowAgent.Echo("shadow:");
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, shadow.CallAsync, (left, right) => pairs.Enqueue((left, right)));

        Assert.Equal("stable:hello", await deployment.CallAsync("hello"));
        await deployment.DisposeAsync();

        Assert.Equal(("stable:hello", "shadow:hello"), Assert.Single(pairs));
        Assert.Equal(new ShadowCounts(Offered: 1, Sent: 1, Dropped: 0, Failed: 0, TimedOut: 0, CompareFailed: 0), deployment.Counts);
    }

    [Fact]
    public async Task When_stable_throws_the_caller_sees_that_and_the_shadow_is_not_asked()
    {
        var shadow = ShadowAgent.Echo("shadow:");
        var deployment = new ShadowDeployment<string, string>(ShadowAgent.Throwing("stable is down").CallAsync, shadow.CallAsync);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => deployment.CallAsync("hello"));
        await deployment.DisposeAsync();

        Assert.Equal("stable is down", thrown.Message);
        Assert.Empty(shadow.Requests);
        Assert.Equal(default, deployment.Counts);
    }

    [Fact]
    public async Task When_the_caller_cancels_stable_the_shadow_is_not_asked()
    {
        using var caller = new CancellationTokenSource();
        var shadow = ShadowAgent.Echo("shadow:");
        await using var deployment = new ShadowDeployment<string, string>(ShadowAgent.Patient().CallAsync, shadow.CallAsync);

        var call = deployment.CallAsync("hello", caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(0, deployment.Counts.Offered);
    }

    [Fact]
    public async Task A_caller_that_cancels_after_the_answer_does_not_cancel_the_shadow()
    {
        using var caller = new CancellationTokenSource();
        var gate = new TaskCompletionSource<string>();
        var shadow = new ShadowAgent((_, token) => gate.Task.WaitAsync(token));
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, shadow.CallAsync);

        await deployment.CallAsync("hello", caller.Token);
        await shadow.WasAskedAsync(1);
        await caller.CancelAsync();
        gate.SetResult("late");
        await deployment.DisposeAsync();

        Assert.Equal(1, deployment.Counts.Sent);
    }

    [Fact]
    public async Task The_answer_of_stable_does_not_wait_for_a_shadow_that_never_answers()
    {
        var time = new ManualTimeProvider();
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, ShadowAgent.Hung().CallAsync, options: new() { TimeProvider = time });

        var call = deployment.CallAsync("hello");

        Assert.True(call.IsCompletedSuccessfully);
        Assert.Equal("stable:hello", await call);
        var disposal = deployment.DisposeAsync().AsTask();
        time.Advance(TimeSpan.FromSeconds(30));
        await disposal;
    }

    [Fact]
    public async Task What_the_shadow_throws_is_counted_and_logged_once_and_never_reaches_a_call()
    {
        var logger = new RecordingLogger();
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, ShadowAgent.Throwing("shadow is down").CallAsync, options: new() { Logger = logger });

        for (var i = 0; i < 20; i++) Assert.Equal($"stable:{i}", await deployment.CallAsync($"{i}"));
        await deployment.DisposeAsync();
        await logger.NextAsync();

        Assert.Equal(new ShadowCounts(Offered: 20, Sent: 0, Dropped: 0, Failed: 20, TimedOut: 0, CompareFailed: 0), deployment.Counts);
        var (id, _, exception) = Assert.Single(logger.Lines);
        Assert.Equal((1101, "shadow is down"), (id, exception!.Message));
    }

    [Fact]
    public async Task What_the_comparison_throws_is_counted_apart_and_logged_once()
    {
        var logger = new RecordingLogger();
        var deployment = new ShadowDeployment<string, string>(
            _stable.CallAsync, ShadowAgent.Echo("shadow:").CallAsync, (_, _) => throw new FormatException("not comparable"), new() { Logger = logger });

        for (var i = 0; i < 20; i++) await deployment.CallAsync($"{i}");
        await deployment.DisposeAsync();
        await logger.NextAsync();

        Assert.Equal(new ShadowCounts(Offered: 20, Sent: 20, Dropped: 0, Failed: 0, TimedOut: 0, CompareFailed: 20), deployment.Counts);
        var (id, _, exception) = Assert.Single(logger.Lines);
        Assert.Equal((1104, "not comparable"), (id, exception!.Message));
    }

    [Fact]
    public async Task A_logger_that_throws_reaches_no_call_and_spoils_no_count()
    {
        var deployment = new ShadowDeployment<string, string>(
            _stable.CallAsync, ShadowAgent.Throwing("down").CallAsync, options: new() { Logger = new ThrowingLogger() });

        Assert.Equal("stable:hello", await deployment.CallAsync("hello"));
        await deployment.DisposeAsync();
        Assert.Equal("stable:again", await deployment.CallAsync("again"));

        Assert.Equal(new ShadowCounts(Offered: 2, Sent: 0, Dropped: 1, Failed: 1, TimedOut: 0, CompareFailed: 0), deployment.Counts);
    }

    [Fact]
    public async Task A_shadow_that_cancels_itself_has_failed_and_did_not_time_out()
    {
        var shadow = new ShadowAgent((_, _) => Task.FromCanceled<string>(new CancellationToken(canceled: true)));
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, shadow.CallAsync);

        await deployment.CallAsync("hello");
        await deployment.DisposeAsync();

        Assert.Equal((1, 0), (deployment.Counts.Failed, deployment.Counts.TimedOut));
    }

    [Fact]
    public async Task The_shadow_does_not_inherit_what_the_caller_carries()
    {
        var carried = new AsyncLocal<string> { Value = "of the one who made it" };
        string? seen = "";
        var shadow = new ShadowAgent((_, _) => Task.FromResult(seen = carried.Value)!);
        var deployment = new ShadowDeployment<string, string>(_stable.CallAsync, shadow.CallAsync);

        carried.Value = "of the caller";
        await deployment.CallAsync("hello");
        await deployment.DisposeAsync();

        Assert.Null(seen);
    }

    private sealed class ThrowingLogger : Microsoft.Extensions.Logging.ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => throw new InvalidOperationException("The disk is full.");

        public void Log<TState>(
            Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
            => throw new InvalidOperationException("The disk is full.");
    }
}
