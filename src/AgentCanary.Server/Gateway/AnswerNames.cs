using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Routing;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Which decision led to an id that an agent gave: of an answer, a conversation, a session or a task. Of a conversation the first decision stands, for what follows in it belongs to its
/// version anyway; an answer's id that came twice names neither of the two. Thread-safe without a lock; as many places as it was made with, and where they run short what came first goes first. Ids are kept as hashes.
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
        var bucket = Bucket(key);
        var (oldest, age) = (0, DateTimeOffset.MaxValue);
        for (var way = 0; way < bucket.Length; way++)
        {
            var entry = Volatile.Read(ref bucket[way]);
            if (entry?.Key == key && at - entry.At < Longest)
            {
                if (isOnce && entry.Decision != decision) Volatile.Write(ref bucket[way], entry with { Decision = null });
                return;
            }
            var since = entry is null || entry.Key == key ? DateTimeOffset.MinValue : entry.At;
            if (since < age) (oldest, age) = (way, since);
        }
        Volatile.Write(ref bucket[oldest], new(key, decision, at));
    }

    private Span<Entry?> Bucket(ulong key) => _entries.AsSpan((int)(key & (ulong)(_entries.Length - 1)) & ~(Ways - 1), Ways);

    private sealed record Entry(ulong Key, string? Decision, DateTimeOffset At);
}
