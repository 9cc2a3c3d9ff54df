namespace AgentCanary.Testing;

/// <summary>Waits, for a bounded time, for what another thread or process will make true.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

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
