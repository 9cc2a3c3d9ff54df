using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using AgentCanary.Protocols.Json;
using AgentCanary.Protocols.Sse;

namespace AgentCanary.Protocols;

/// <summary>
/// What the readers of all protocols in JSON share: one text, or one for each server-sent event, is scanned for the values that the protocol
/// watches; the protocol says what they mean, and this judges the whole.
/// </summary>
/// <param name="answer">The answer's head.</param>
/// <param name="isOwn">Whether the route says that only this protocol's answer can stand here. If not, what is not recognised is judged by its status.</param>
/// <param name="shape">What the protocol watches.</param>
/// <param name="maxText">The most bytes that are kept of a watched string.</param>
internal abstract class JsonAnswerReader(AnswerHead answer, bool isOwn, JsonShape shape, int maxText = 256) : AnswerReader
{
    /// <summary>The highest count of tokens: more than 2^53 no JSON number tells exactly.</summary>
    protected const long MaxCount = (1L << 53) - 1;

    private const int MaxFirst = 16;

    private readonly JsonScanner _json = new(shape, maxText);
    private readonly SseFramer? _events = answer.IsEventStream ? new() : null;
    private readonly byte[] _first = new byte[MaxFirst];
    private int _firstLength;
    private bool _hasContent;
    private bool _isOwn = isOwn;
    private OutcomeSet _seen;

    public sealed override bool IsUnsafe => _seen.Has(OutcomeClass.Safety);

    public sealed override bool HasFailed => _seen.HasError && !IsUnsafe;

    // What is not known to be this protocol's answer mints nothing.
    public sealed override ImmutableArray<MintedId> Ids => _isOwn ? base.Ids : [];

    internal sealed override int KeptBytes => _json.KeptBytes + MaxFirst + SseFramer.MaxName;

    /// <summary>Gets whether the answer is a stream of events.</summary>
    protected bool IsStream => _events is not null;

    /// <summary>Gets whether the JSON text under way is whole.</summary>
    protected bool IsWhole => _json.IsWhole;

    /// <summary>Gets whether the string that was just taken is only the beginning of a longer one.</summary>
    protected bool IsCut => _json.IsCut;

    /// <summary>Gets or sets the tokens of the request, as <see cref="AnswerReading.InputTokens"/>.</summary>
    protected long? InputTokens { get; set; }

    /// <summary>Gets or sets the tokens of the answer.</summary>
    protected long? OutputTokens { get; set; }

    /// <summary>Gets or sets how many of the request's tokens came from a cache.</summary>
    protected long? CachedTokens { get; set; }

    /// <summary>Gets or sets how many of the request's tokens were written to a cache.</summary>
    protected long? CacheWriteTokens { get; set; }

    /// <summary>Gets or sets how many tool calls failed. Above 0 the answer is at least a <see cref="OutcomeClass.ToolError"/>.</summary>
    protected int ToolFailures { get; set; }

    /// <summary>Gets or sets the model that served.</summary>
    protected string? Model { get; set; }

    /// <summary>Gets or sets whether the agent says that it is overloaded.</summary>
    protected bool IsOverloaded { get; set; }

    /// <summary>Gets or sets the task that has ended.</summary>
    protected string? EndedTask { get; set; }

    /// <summary>Gets whether what the protocol wants to see at the end of an answer was seen.</summary>
    protected abstract bool HasEnded { get; }

    /// <summary>Says what an answer means that ends before <see cref="HasEnded"/>; null where it broke, was late or was cancelled, as the end says.</summary>
    protected virtual OutcomeClass? WithoutEnd(AnswerEnd end) => null;

    /// <summary>Takes a watched value. Of a string, its beginning comes first where it is not empty, then the whole.</summary>
    /// <param name="field">The number of its place in the shape.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="text">The string or the number; for other kinds nothing.</param>
    protected abstract void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text);

    /// <summary>Takes the end of a text: of each event of a stream, or of a JSON body that is whole.</summary>
    /// <param name="name">The event's name, or nothing.</param>
    /// <param name="first">The first 16 bytes of the text, such as <c>[DONE]</c>.</param>
    protected virtual void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
    }

    public sealed override bool Read(ReadOnlySpan<byte> bytes)
    {
        var hadContent = _hasContent;
        if (_events is null) ReadText(bytes);
        else ReadEvents(_events, bytes);
        return _hasContent && !hadContent;
    }

    public sealed override AnswerReading End(AnswerEnd end)
    {
        if (_events?.End() == true) EndEvent(_events.Name);
        else if (_events is null && _json.IsWhole) OnText([], _first.AsSpan(0, _firstLength));
        if (ToolFailures > 0) See(OutcomeClass.ToolError);
        var outcomeClass = Judge(end);
        return new()
        {
            Class = outcomeClass,
            HasContent = _hasContent,
            Seen = outcomeClass == OutcomeClass.Ok ? _seen : _seen.With(outcomeClass),
            // What is not known to be this protocol's answer, such as embeddings, may name a model and half of a usage: it has neither as this protocol means them.
            InputTokens = _isOwn ? InputTokens : null,
            OutputTokens = _isOwn ? OutputTokens : null,
            CachedTokens = _isOwn ? CachedTokens : null,
            CacheWriteTokens = _isOwn ? CacheWriteTokens : null,
            ToolFailures = ToolFailures,
            Model = _isOwn ? Model : null,
            IsOverloaded = IsOverloaded,
            EndedTask = EndedTask,
        };
    }

    /// <summary>Notes that this is an answer of the protocol.</summary>
    protected void Own() => _isOwn = true;

    /// <summary>Notes that content has begun.</summary>
    protected void BeginContent() => _hasContent = true;

    /// <summary>Notes what the answer shows of itself. Of several classes the gravest is the outcome.</summary>
    protected void See(OutcomeClass outcomeClass) => _seen = _seen.With(outcomeClass);

    /// <summary>Notes an error that the answer tells of.</summary>
    /// <param name="known">What it is, or null where its name says nothing: then it is the agent's failure, unless the status knows better.</param>
    protected void SeeError(OutcomeClass? known)
    {
        Own();
        if (known is not null || answer.HasAnswer) See(known ?? OutcomeClass.ErrorUpstream);
    }

    /// <summary>Notes an id; one that was too long to be kept whole is left out.</summary>
    /// <returns>The id, or null where it was left out.</returns>
    protected string? Mint(MintedIdKind kind, ReadOnlySpan<byte> text)
    {
        if (_json.IsCut) return null;
        // Chunks repeat their ids, which are then compared and not made anew.
        foreach (var known in base.Ids)
            if (known.Kind == kind && Ascii.Equals(text, known.Value)) return known.Value;
        var id = Encoding.UTF8.GetString(text);
        Mint(new(kind, id));
        return id;
    }

    /// <summary>Notes the model that served. Chunks repeat it.</summary>
    protected void Serve(JsonKind kind, ReadOnlySpan<byte> text)
    {
        if (kind == JsonKind.String && !text.IsEmpty && !Ascii.Equals(text, Model)) Model = Encoding.UTF8.GetString(text);
    }

    /// <summary>Reads a count of tokens; null where the text is no whole number from 0 below 2^53, so that sums of counts stay counts.</summary>
    protected internal static long? Count(JsonKind kind, ReadOnlySpan<byte> text) => Whole(kind, text) is >= 0 and <= MaxCount and var count ? count : null;

    /// <summary>Reads a whole number, such as the code of an error; null where the text is none.</summary>
    protected static long? Whole(JsonKind kind, ReadOnlySpan<byte> text) =>
        kind == JsonKind.Number && Utf8Parser.TryParse(text, out long number, out var used) && used == text.Length ? number : null;

    private void ReadEvents(SseFramer events, ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            switch (events.Next(ref bytes, out var text))
            {
                case SsePart.Text: ReadText(text); break;
                case SsePart.End: EndEvent(events.Name); break;
                default: return;
            }
        }
    }

    private void ReadText(ReadOnlySpan<byte> bytes)
    {
        var kept = Math.Min(bytes.Length, MaxFirst - _firstLength);
        bytes[..kept].CopyTo(_first.AsSpan(_firstLength));
        _firstLength += kept;
        while (_json.Next(ref bytes)) OnValue(_json.Field, _json.Kind, _json.Text);
    }

    private void EndEvent(ReadOnlySpan<byte> name)
    {
        OnText(name, _first.AsSpan(0, _firstLength));
        _json.Reset();
        _firstLength = 0;
    }

    private OutcomeClass Judge(AnswerEnd end)
    {
        if (!answer.HasAnswer) return end == AnswerEnd.Complete ? OfStatus() : OfBreak(end);
        if (_isOwn && HasEnded && (IsStream || end == AnswerEnd.Complete)) return _seen.Gravest;
        if (_seen.HasError) return _seen.Gravest;
        if (_isOwn && WithoutEnd(end) is { } known) return known;
        if (end != AnswerEnd.Complete) return OfBreak(end);
        if (!_isOwn) return HttpStatus.ClassOf(answer.Status);
        // A stream without its end broke, and so did half a JSON text; a whole one that says nothing of the protocol is a failure of the agent.
        return IsStream || !_json.IsWhole && !_json.IsMalformed ? OutcomeClass.StreamBroken : OutcomeClass.ErrorUpstream;
    }

    // What the body says of an error is finer than a status, but does not turn a quota or a failure of the agent into something else.
    private OutcomeClass OfStatus()
    {
        var byStatus = HttpStatus.ClassOf(answer.Status);
        if (byStatus == OutcomeClass.RateLimited || _seen == default) return byStatus;
        var said = _seen.Gravest;
        return byStatus != OutcomeClass.ErrorUpstream || said is OutcomeClass.Timeout or OutcomeClass.RateLimited or OutcomeClass.Safety ? said : byStatus;
    }

    private static OutcomeClass OfBreak(AnswerEnd end) => end switch
    {
        AnswerEnd.TimedOut => OutcomeClass.Timeout,
        AnswerEnd.CallerLeft => OutcomeClass.CanceledByClient,
        _ => OutcomeClass.StreamBroken,
    };
}
