using AgentCanary.Protocols;
using AgentCanary.Routing;
using Microsoft.Extensions.AI;

namespace AgentCanary.Chat;

/// <summary>
/// Which version owns what the ids in answers stand for: conversations, answers that are gone on from, and calls of tools whose results are handed back. In memory, at most
/// 65,536 ids in 1 MB. Thread-safe.
/// </summary>
internal sealed class ChatPins(CanaryRuntime runtime, TimeProvider time)
{
    private const int MostIds = 1 << 16;
    private const uint TurnSeconds = 600;
    private const int ShortestCallId = 20;

    private readonly PinTable _table = new(MostIds);

    /// <summary>Finds who owns what a request goes on with; null where nobody is known to.</summary>
    public ChatPin? Find(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.ConversationId is { Length: > 0 } conversation && Find(MintedIdKind.Conversation, conversation) is { } owned) return owned;
        // Only what can be read twice is read here. The results of one turn stand at the end.
        if (messages is not IList<ChatMessage> list) return null;
        for (var at = list.Count - 1; at >= 0 && list[at].Role == ChatRole.Tool; at--)
        {
            foreach (var result in list[at].Contents.OfType<FunctionResultContent>())
                if (IsUnique(result.CallId) && Find(MintedIdKind.State, result.CallId) is { } turn) return turn;
        }
        return null;
    }

    /// <summary>Learns the ids of an answer, or of a part of it, before the caller can see and use them.</summary>
    public void Learn(string? conversation, string? response, IList<AIContent> contents, in Assignment served, byte began)
    {
        Learn(MintedIdKind.Conversation, conversation, Lasting, served, began);
        Learn(MintedIdKind.Conversation, response, Lasting, served, began);
        for (var at = 0; at < contents.Count; at++)
            if (contents[at] is FunctionCallContent { CallId: { } id } && IsUnique(id)) Learn(MintedIdKind.State, id, TurnSeconds, served, began);
    }

    private uint Now => Pin.SecondsOf(time.GetUtcNow());

    private uint Lasting => (uint)runtime.Spec.PinTimeToLive.TotalSeconds;

    // Some adapters make ids that are short, or the tool's name: two users may share one.
    private static bool IsUnique(string? id) => id is { Length: >= ShortestCallId } && id.AsSpan().IndexOfAnyInRange('0', '9') >= 0;

    private ChatPin? Find(MintedIdKind kind, string id)
    {
        if (!_table.TryFind(Pin.KeyOf((int)kind, id), Now, out var pin)) return null;
        return pin.Version == MarkOf(Variant.Canary) ? new(Variant.Canary, pin.Began) : pin.Version == MarkOf(Variant.Stable) ? new(Variant.Stable, pin.Began) : null;
    }

    private void Learn(MintedIdKind kind, string? id, uint seconds, in Assignment served, byte began)
    {
        if (string.IsNullOrEmpty(id)) return;
        var (key, version, expiry) = (Pin.KeyOf((int)kind, id), MarkOf(served.Variant, served.Attempt), Now + seconds);
        // Not at every use: a pin that has most of its time left stays as it is.
        if (_table.TryFind(key, Now, out var known) && known.Version == version && expiry - known.ExpiresAt <= seconds / 16) return;
        _table.Keep(new(key, version, expiry) { Began = began }, Now);
    }

    // A canary that was rolled back owns nothing any more when its next attempt begins.
    private uint MarkOf(Variant variant, int? attempt = null) => variant is Variant.Canary
        ? Pin.VersionOf($"{runtime.Spec.Canary.Version}\n{attempt ?? runtime.State.Attempt}")
        : Pin.VersionOf(runtime.Spec.Stable.Version);
}
