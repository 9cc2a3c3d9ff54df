namespace AgentCanary.Testing;

/// <summary>Waits, for a bounded time, for what another thread or process will make true.</summary>
public static class Eventually
{
    /// <summary>Gets how long a test waits for what is certain to come: far longer than any stall of the machine. Waiting ends at once when it has come.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(3);

    public static async Task TrueAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            Assert.False(timeout.IsCancellationRequested, $"It did not become true within {Limit.TotalSeconds} s.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
