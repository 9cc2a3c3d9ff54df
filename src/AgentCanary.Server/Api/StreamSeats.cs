namespace AgentCanary.Server.Api;

/// <summary>Limits how many streams are open at once. Thread-safe.</summary>
internal sealed class StreamSeats
{
    /// <summary>The most streams at once.</summary>
    public const int Most = 200;

    private int _taken;

    /// <summary>Takes a seat; null where none is free. Disposing gives it back.</summary>
    public IDisposable? TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= Most) return new Seat(this);
        Interlocked.Decrement(ref _taken);
        return null;
    }

    private sealed class Seat(StreamSeats seats) : IDisposable
    {
        private StreamSeats? _seats = seats;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _seats, null) is { } seats) Interlocked.Decrement(ref seats._taken);
        }
    }
}
