namespace AgentCanary.Server.Gateway;

/// <summary>
/// Bounds how many requests are sent to stable for a canary that failed: a share of the requests of the last ten seconds, and always a few. For a canary out of reach a rescue that stable
/// answered is given back: it adds no more load than the rollback that is about to come, while one that fails too is the beginning of a storm. Thread-safe; a race may let a request or two more through.
/// </summary>
/// <param name="share">The share, 0 to 1.</param>
/// <param name="minimum">How many are always allowed in ten seconds.</param>
/// <param name="time">The clock.</param>
internal sealed class RescueBudget(double share, int minimum, TimeProvider time)
{
    private const int Seconds = 10;

    private readonly Slot[] _slots = [.. Enumerable.Range(0, Seconds).Select(_ => new Slot())];

    /// <summary>Counts a request.</summary>
    /// <param name="timestamp">When it started.</param>
    public void Count(long timestamp) => Interlocked.Increment(ref SlotOf(SecondOf(timestamp)).Requests);

    /// <summary>Takes one rescue out of the budget.</summary>
    /// <returns>False when it is spent.</returns>
    public bool TryTake()
    {
        var now = SecondOf(time.GetTimestamp());
        var mine = SlotOf(now);
        var (requests, rescues) = (0L, 0L);
        foreach (var slot in _slots)
        {
            if (Volatile.Read(ref slot.Second) <= now - Seconds) continue;
            requests += Volatile.Read(ref slot.Requests);
            rescues += Volatile.Read(ref slot.Rescues);
        }

        if (rescues >= Math.Max(minimum, (long)(requests * share))) return false;
        Interlocked.Increment(ref mine.Rescues);
        return true;
    }

    /// <summary>Gives back a rescue that stable answered.</summary>
    public void Return() => Interlocked.Decrement(ref SlotOf(SecondOf(time.GetTimestamp())).Rescues);

    private long SecondOf(long timestamp) => timestamp / time.TimestampFrequency;

    private Slot SlotOf(long second)
    {
        var slot = _slots[second % Seconds];
        var seen = Volatile.Read(ref slot.Second);
        if (seen < second && Interlocked.CompareExchange(ref slot.Second, second, seen) == seen)
        {
            Volatile.Write(ref slot.Requests, 0);
            Volatile.Write(ref slot.Rescues, 0);
        }

        return slot;
    }

    private sealed class Slot
    {
        public long Second = -1;
        public long Requests;
        public long Rescues;
    }
}
