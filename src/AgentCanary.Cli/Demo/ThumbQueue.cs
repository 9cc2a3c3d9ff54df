using System.Collections.Concurrent;

namespace AgentCanary.Cli.Demo;

/// <summary>Keeps each thumb back until its user gives it, always the same while after the answer. Any number of threads add, one takes.</summary>
internal sealed class ThumbQueue(TimeProvider time, TimeSpan delay)
{
    private readonly ConcurrentQueue<(long At, Thumb Thumb)> _waiting = new();

    /// <summary>Adds a thumb for an answer that was read just now.</summary>
    public void Add(Thumb thumb) => _waiting.Enqueue((time.GetTimestamp(), thumb));

    /// <summary>Takes the thumbs that are due, the oldest answers first.</summary>
    /// <param name="most">How many to take at most; the rest stays due.</param>
    public IReadOnlyList<Thumb> TakeDue(int most)
    {
        var due = new List<Thumb>();
        while (due.Count < most && _waiting.TryPeek(out var next) && time.GetElapsedTime(next.At) >= delay)
        {
            _waiting.TryDequeue(out next);
            due.Add(next.Thumb);
        }

        return due;
    }
}
