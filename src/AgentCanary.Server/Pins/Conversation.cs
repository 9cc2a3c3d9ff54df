using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Routing;

namespace AgentCanary.Server.Pins;

/// <summary>
/// What one call knows of its conversation: which version owns the ids that its request names, and which ids its answer adds. Of a conversation's ids one is its head,
/// so that it counts once. One call's, used by one thread at a time.
/// </summary>
internal sealed class Conversation
{
    private readonly PinTerms _terms;
    private readonly ImmutableArray<MintedId> _named;
    private readonly uint _now;
    private Pin _head;
    private MintedIdKind _headKind;
    private bool _isNew = true;
    private int _learned;

    /// <summary>Finds what the ids belong to: the first that is known decides. What is used is kept longer.</summary>
    public Conversation(PinTerms terms, ImmutableArray<MintedId> named)
    {
        (_terms, _named, _now) = (terms, named, terms.Now);
        foreach (var id in named) Find(id);
    }

    /// <summary>Gets who owns the conversation; null where none of its ids is known.</summary>
    public Variant? Owner { get; private set; }

    /// <summary>Gets the mark of the stage in which the split began it, or 0.</summary>
    public byte Began { get; private set; }

    /// <summary>Learns the ids of an answer that it has not learned yet, before the caller can see and use them.</summary>
    /// <param name="ids">All ids so far, in the order in which they came.</param>
    /// <param name="served">Who answers.</param>
    /// <param name="began">The mark of the stage in which the split began the conversation, or 0.</param>
    public void Learn(ImmutableArray<MintedId> ids, Variant served, byte began)
    {
        for (; _learned < ids.Length; _learned++) Learn(ids[_learned], _terms.MarkOf(served), began);
    }

    /// <summary>Learns that the ids of the request belong to whoever has answered it well, whether or not the answer repeats them.</summary>
    public void Confirm(Variant served, byte began)
    {
        foreach (var id in _named) Learn(id, _terms.MarkOf(served), began);
    }

    private uint Expiry => _now + _terms.TimeToLive;

    private void Find(in MintedId id)
    {
        if (!_terms.Table.TryFind(KeyOf(id), _now, out var pin) || _terms.OwnerOf(pin) is not { } owner) return;
        (_isNew, Began) = (false, Owner is null ? pin.Began : Began);
        Owner ??= owner;
        // Not at every use: a pin that has most of its time left stays as it is.
        if (Expiry - pin.ExpiresAt > _terms.TimeToLive / 16) _terms.Change(pin = pin with { ExpiresAt = Expiry });
        if (pin.IsHead) (_head, _headKind) = (pin, id.Kind);
    }

    private void Learn(in MintedId id, uint version, byte began)
    {
        if (id.Kind is MintedIdKind.Answer) return;
        var key = KeyOf(id);
        var isKnown = _terms.Table.TryFind(key, _now, out var known);
        if (isKnown && known.Version == version) return;
        var isHead = isKnown ? known.IsHead : BecomesHead(id.Kind);
        var pin = new Pin(key, version, Expiry) { Began = began, IsHead = isHead };
        _terms.Keep(pin, _now);
        if (isHead) (_head, _headKind) = (pin, id.Kind);
    }

    // A new conversation is counted by the id that lasts longest. A known one keeps its head, unless the head is one of a chain of which each answer adds a link.
    private bool BecomesHead(MintedIdKind kind)
    {
        if (_head.Key == 0) return _isNew;
        var follows = _isNew ? Rank(kind) > Rank(_headKind) : kind == _headKind && kind is MintedIdKind.Response or MintedIdKind.State;
        if (follows) _terms.Change(_head with { IsHead = false });
        return follows;
    }

    private static int Rank(MintedIdKind kind) => kind switch
    {
        MintedIdKind.Session => 4,
        MintedIdKind.Conversation => 3,
        MintedIdKind.Task => 2,
        MintedIdKind.Response => 1,
        _ => 0,
    };

    private static ulong KeyOf(in MintedId id) => Pin.KeyOf((int)id.Kind, id.Value);
}
