using System.Collections.Immutable;

namespace AgentCanary.Protocols;

/// <summary>
/// Reads one answer as it passes, in spans of any size, and says at its end what it meant. It keeps at most 64 KB whatever the answer's
/// length, never throws on any bytes, and how the bytes are cut changes nothing. For one answer, used by one thread at a time.
/// </summary>
public abstract class AnswerReader
{
    /// <summary>The most ids that are kept of one answer.</summary>
    private const int MaxIds = 8;

    private ImmutableArray<MintedId> _ids = [];

    private protected AnswerReader()
    {
    }

    /// <summary>Gets whether a safety violation was seen, which nothing later can undo.</summary>
    public abstract bool IsUnsafe { get; }

    /// <summary>Gets whether the agent has told of an error, so that what follows is no answer. Of a text that is not a stream that is known at its end.</summary>
    public virtual bool HasFailed => false;

    /// <summary>Gets the ids that the agent has made so far, at most 8, in the order in which they came; each one once.</summary>
    public virtual ImmutableArray<MintedId> Ids => _ids;

    /// <summary>Gets the bytes that are kept at this moment.</summary>
    internal abstract int KeptBytes { get; }

    /// <summary>Reads more of the body.</summary>
    /// <returns>
    /// Whether content begins in these bytes. It may be said a second time, when a protocol is recognised late: what was said last counts, and only
    /// where <see cref="AnswerReading.HasContent"/> holds in the end.
    /// </returns>
    public abstract bool Read(ReadOnlySpan<byte> bytes);

    /// <summary>Says what the answer meant. Called once, after the last <see cref="Read"/>.</summary>
    /// <param name="end">How the bytes ended.</param>
    public abstract AnswerReading End(AnswerEnd end);

    /// <summary>Notes an id.</summary>
    private protected void Mint(MintedId id)
    {
        if (id.Value.Length > 0 && _ids.Length < MaxIds && !_ids.Contains(id)) _ids = _ids.Add(id);
    }
}
