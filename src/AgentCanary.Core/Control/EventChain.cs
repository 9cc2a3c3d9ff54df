using System.Security.Cryptography;
using System.Text;

namespace AgentCanary.Control;

/// <summary>
/// The hash chain of an agent's events: each hash is SHA-256 over the hash before it, in its 64 hexadecimal letters (none before the first event), and the
/// event's canonical JSON. The chain finds what was changed, removed or reordered by anybody who did not make all of the later hashes anew. Thread-safe.
/// </summary>
public static class EventChain
{
    /// <summary>Gets the hash before the first event.</summary>
    public static string Start => "";

    /// <summary>Makes the event that a store keeps: bound to its state, and linked to the event before.</summary>
    /// <param name="previousHash">The hash of the event before, or <see cref="Start"/>.</param>
    /// <param name="event">The event.</param>
    /// <param name="stateJson">The canonical JSON of the state that the event made.</param>
    /// <returns>The event with both hashes, and its canonical JSON.</returns>
    public static (RolloutEvent Event, byte[] Json) Link(string previousHash, RolloutEvent @event, ReadOnlySpan<byte> stateJson)
    {
        ArgumentNullException.ThrowIfNull(@event);
        var bound = @event with { StateHash = HashOf(stateJson) };
        var json = RolloutJson.Write(bound);
        return (bound with { Hash = HashOf(previousHash, json) }, json);
    }

    /// <summary>Hashes bytes: SHA-256, lower-case hex.</summary>
    public static string HashOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    /// <summary>Hashes a link of the chain.</summary>
    /// <param name="previousHash">The hash before it, or <see cref="Start"/>.</param>
    /// <param name="json">The event's canonical JSON as it is kept.</param>
    public static string HashOf(string previousHash, ReadOnlySpan<byte> json)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes(previousHash));
        hash.AppendData(json);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Walks a chain against the state that it led to.</summary>
    /// <param name="agent">The agent's name.</param>
    /// <param name="links">The links as they are kept, in the order of their revisions.</param>
    /// <param name="revision">The revision that the store says is the newest, 0 for none.</param>
    /// <param name="stateJson">The newest state as it is kept; empty for none.</param>
    /// <returns>The revision of the first event that was changed, removed or reordered, or whose state was; null where all is whole.</returns>
    public static long? FindBreak(string agent, IEnumerable<EventLink> links, long revision, ReadOnlySpan<byte> stateJson)
    {
        ArgumentNullException.ThrowIfNull(links);
        var (expected, previous, stateHash) = (1L, Start, "");
        foreach (var link in links)
        {
            if (!IsWhole(link, agent, expected, previous, out stateHash)) return expected;
            (expected, previous) = (expected + 1, link.Hash);
        }
        var last = expected - 1;
        if (last != revision) return Math.Min(last, revision) + 1;
        return last > 0 && !IsStateOf(agent, last, stateHash, stateJson) ? last : null;
    }

    private static bool IsWhole(EventLink link, string agent, long revision, string previous, out string stateHash)
    {
        stateHash = "";
        if (link.Revision != revision || link.PreviousHash != previous || link.Hash != HashOf(previous, link.Json.Span)) return false;
        try
        {
            var @event = RolloutJson.ReadEvent(link.Json);
            stateHash = @event.StateHash;
            return @event.Agent == agent && @event.Revision == revision;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static bool IsStateOf(string agent, long revision, string stateHash, ReadOnlySpan<byte> stateJson)
    {
        if (HashOf(stateJson) != stateHash) return false;
        try
        {
            var state = RolloutJson.ReadState(stateJson.ToArray());
            return state.Agent == agent && state.Revision == revision;
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
