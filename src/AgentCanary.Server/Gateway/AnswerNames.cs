using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Routing;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Which decision led to an id that an agent gave: of an answer, a conversation, a session or a task. Of a conversation the first decision stands, for what follows in it belongs to its
/// version anyway; an answer's id that came twice names neither of the two. And whether what an id names has ended. Thread-safe without a lock; as many places as it was made with, and where they run short what came first goes first. Ids are kept as hashes.
/// </summary>
internal sealed class AnswerNames(int places = 1 << 17)
{
    private const int Ways = 4;

    // As long as anything may be reported.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly Entry?[] _entries = new Entry?[places];

    /// <summary>Notes the ids of an answer. Two writers of one place: one of them is forgotten.</summary>
    public void Note(string agent, ImmutableArray<MintedId> ids, string decision, DateTimeOffset at)
    {
        foreach (var id in ids) Note(KeyOf(agent, id.Kind, id.Value), decision, at, isOnce: id.Kind is MintedIdKind.Answer or MintedIdKind.Response);
    }

    /// <summary>Notes that the responses among the ids of an answer have ended, and the task that the answer says has: it may speak of one that goes on.</summary>
    /// <returns>Whether one of them was known to have.</returns>
    public bool End(string agent, ImmutableArray<MintedId> ids, string? task, string decision, DateTimeOffset at)
    {
        var isKnown = false;
        foreach (var id in ids)
            if (id.Kind is MintedIdKind.Response || (id.Kind is MintedIdKind.Task && id.Value == task)) isKnown |= End(KeyOf(agent, id.Kind, id.Value), decision, at);
        return isKnown;
    }

    /// <summary>Finds the decision behind an id, or null.</summary>
    public string? Find(string agent, MintedIdKind kind, string id)
    {
        var key = KeyOf(agent, kind, id);
        foreach (ref var place in Bucket(key))
        {
            if (Volatile.Read(ref place) is { } entry && entry.Key == key) return entry.Decision;
        }
        return null;
    }

    private static ulong KeyOf(string agent, MintedIdKind kind, string id) => StickyHash.Hash(id, StickyHash.Hash(agent, (ulong)kind));

    private void Note(ulong key, string decision, DateTimeOffset at, bool isOnce)
    {
        ref var place = ref PlaceOf(key, at);
        if (Volatile.Read(ref place) is not { } entry || !entry.IsOf(key, at)) Volatile.Write(ref place, new(key, decision, at));
        else if (isOnce && entry.Decision != decision) Volatile.Write(ref place, entry with { Decision = null });
    }

    private bool End(ulong key, string decision, DateTimeOffset at)
    {
        ref var place = ref PlaceOf(key, at);
        var entry = Volatile.Read(ref place) is { } known && known.IsOf(key, at) ? known : new(key, decision, at);
        if (!entry.HasEnded) Volatile.Write(ref place, entry with { HasEnded = true });
        return entry.HasEnded;
    }

    // Where the key is, else what is free, else what came first.
    private ref Entry? PlaceOf(ulong key, DateTimeOffset at)
    {
        var bucket = Bucket(key);
        var (oldest, age) = (0, DateTimeOffset.MaxValue);
        for (var way = 0; way < bucket.Length; way++)
        {
            var entry = Volatile.Read(ref bucket[way]);
            if (entry is not null && entry.IsOf(key, at)) return ref bucket[way];
            var since = entry is null || entry.Key == key ? DateTimeOffset.MinValue : entry.At;
            if (since < age) (oldest, age) = (way, since);
        }
        return ref bucket[oldest];
    }

    private Span<Entry?> Bucket(ulong key) => _entries.AsSpan((int)(key & (ulong)(_entries.Length - 1)) & ~(Ways - 1), Ways);

    private sealed record Entry(ulong Key, string? Decision, DateTimeOffset At)
    {
        public bool HasEnded { get; init; }

        public bool IsOf(ulong key, DateTimeOffset at) => Key == key && at - At < Longest;
    }
}
