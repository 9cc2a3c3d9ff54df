using AgentCanary.Shadow;
using Microsoft.Extensions.Logging;

namespace AgentCanary;

/// <summary>Counts what becomes of shadow calls, and logs the first of each kind. Thread-safe.</summary>
internal sealed class ShadowTally(ILogger logger)
{
    private long _offered;
    private long _sent;
    private long _dropped;
    private long _failed;
    private long _timedOut;
    private long _compareFailed;
    private long _overBudget;
    private long _paused;

    public void Offered() => Interlocked.Increment(ref _offered);

    public void Sent() => Interlocked.Increment(ref _sent);

    public void Dropped(int capacity)
    {
        if (Interlocked.Increment(ref _dropped) == 1) Log(static (log, capacity) => log.ShadowDropped(capacity), capacity);
    }

    public void Stopped(ShadowStop stop, ShadowOptions options)
    {
        if (Interlocked.Increment(ref stop is ShadowStop.RateLimited ? ref _paused : ref _overBudget) != 1) return;
        var until = options.TimeProvider.GetUtcNow() + (options.Limits.Stop?.For ?? TimeSpan.Zero);
        Log(static (log, told) => log.ShadowStopped(told.until, told.why), (until, why: StopWords.Of(stop, options.Limits.Budget)));
    }

    public void Failed(Exception exception)
    {
        if (Interlocked.Increment(ref _failed) == 1) Log(static (log, exception) => log.ShadowFailed(exception), exception);
    }

    public void TimedOut(TimeSpan timeout)
    {
        if (Interlocked.Increment(ref _timedOut) == 1) Log(static (log, timeout) => log.ShadowTimedOut(timeout), timeout);
    }

    public void CompareFailed(Exception exception)
    {
        if (Interlocked.Increment(ref _compareFailed) == 1) Log(static (log, exception) => log.CompareFailed(exception), exception);
    }

    /// <summary>Reads the endings first: each call is offered before it ends, so a race never shows more endings than offers.</summary>
    public ShadowCounts Read()
    {
        var (sent, dropped, failed) = (Volatile.Read(ref _sent), Volatile.Read(ref _dropped), Volatile.Read(ref _failed));
        var (timedOut, compareFailed) = (Volatile.Read(ref _timedOut), Volatile.Read(ref _compareFailed));
        var (overBudget, paused) = (Volatile.Read(ref _overBudget), Volatile.Read(ref _paused));
        return new(Volatile.Read(ref _offered), sent, dropped, failed, timedOut, compareFailed) { OverBudget = overBudget, Paused = paused };
    }

    // On another thread, for a drop is counted on the caller's and a logger may be slow or throw.
    private void Log<T>(Action<ILogger, T> write, T value) => _ = Task.Run(() => write(logger, value));
}
