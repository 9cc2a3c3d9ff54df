using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.OpenAiResponses;

/// <summary>Reads a response, or the events of one.</summary>
internal sealed class OpenAiResponsesReader(in AnswerHead answer, bool isOwn, MintedIdKind idKind) : JsonAnswerReader(answer, isOwn, Shape)
{
    private const int Type = 0;
    private const int Object = 1;
    private const int Id = 2;
    private const int ConversationId = 3;
    private const int Served = 4;
    private const int Status = 5;
    private const int Reason = 6;
    private const int Content = 7;
    private const int Refusal = 8;
    private const int Items = 9;
    private const int Item = 10;
    private const int ItemError = 11;
    private const int ItemStatus = 12;
    private const int UsageInput = 13;
    private const int UsageOutput = 14;
    private const int UsageCached = 15;
    private const int UsageIntoCache = 16;
    private const int Error = 17;
    private const int ErrorName = 18;

    private static readonly JsonShape Shape = MakeShape();

    private ResponsesSign _sign;
    private bool _hasObject;
    private bool _hasEnded;
    private bool _hasReason;
    private bool _hasError;
    private OutcomeClass? _error;
    private int _failedCalls;
    private int _failedItems;
    private bool _itemFailed;

    protected override bool HasEnded => _hasEnded && (IsStream || IsWhole);

    protected override void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case Type when kind == JsonKind.String && IsStream: SeeType(text); break;
            case Status when kind == JsonKind.String && !IsStream: _sign = ResponsesSigns.Of(text); break;
            case Object when kind == JsonKind.String: SeeObject(text); break;
            case Id when kind == JsonKind.String: Mint(idKind, text); break;
            case ConversationId when kind == JsonKind.String: Mint(MintedIdKind.Conversation, text); break;
            case Served: Serve(kind, text); break;
            case Reason when kind == JsonKind.String: SeeReason(text); break;
            case Content when kind == JsonKind.StringBegun: BeginContent(); break;
            case Refusal when kind == JsonKind.StringBegun: SeeRefusal(); break;
            case Items when kind == JsonKind.Array: _failedItems = 0; break;
            case Item or ItemError or ItemStatus: SeeItem(field, kind, text); break;
            case UsageInput: InputTokens = Count(kind, text) ?? InputTokens; break;
            case UsageOutput: OutputTokens = Count(kind, text) ?? OutputTokens; break;
            case UsageCached: CachedTokens = Count(kind, text) ?? CachedTokens; break;
            case UsageIntoCache: CacheWriteTokens = Count(kind, text) ?? CacheWriteTokens; break;
            case Error when kind is JsonKind.Object or JsonKind.String: _hasError = true; break;
            case ErrorName: SeeErrorName(kind, text); break;
        }
    }

    protected override void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
        var sign = _sign == ResponsesSign.None ? ResponsesSigns.Of(name) : _sign;
        _sign = ResponsesSign.None;
        if (IsStream || _hasObject) Take(sign);
        if (_hasError) SeeError(_error);
        _hasEnded |= _hasError || !IsStream && _hasObject;
        // A stream tells of a failed call twice: as an event of its own, and in the whole response at the end.
        ToolFailures = Math.Max(_failedCalls, _failedItems);
    }

    private void Take(ResponsesSign sign)
    {
        _hasEnded |= sign is ResponsesSign.Completed or ResponsesSign.Incomplete or ResponsesSign.Failed or ResponsesSign.Cancelled;
        _hasError |= sign == ResponsesSign.Failed;
        if (sign == ResponsesSign.Incomplete && !_hasReason) See(OutcomeClass.Truncated);
        if (sign == ResponsesSign.Cancelled) See(OutcomeClass.CanceledByClient);
        if (sign == ResponsesSign.Open && !IsStream) See(OutcomeClass.InputRequired);
        if (sign == ResponsesSign.Refusal) See(OutcomeClass.Refusal);
        if (sign == ResponsesSign.ToolFailure) _failedCalls++;
    }

    private void SeeType(ReadOnlySpan<byte> type)
    {
        _sign = ResponsesSigns.Of(type);
        if (type.StartsWith(ResponsesSigns.Prefix)) Own();
    }

    private void SeeObject(ReadOnlySpan<byte> type)
    {
        if (!type.SequenceEqual("response"u8) && !type.SequenceEqual("conversation"u8)) return;
        _hasObject = true;
        Own();
    }

    private void SeeReason(ReadOnlySpan<byte> reason)
    {
        _hasReason = true;
        See(reason.SequenceEqual("content_filter"u8) ? OutcomeClass.Safety : OutcomeClass.Truncated);
    }

    private void SeeErrorName(JsonKind kind, ReadOnlySpan<byte> name)
    {
        _error = OpenAiError.ClassOf(kind, name) ?? _error;
        IsOverloaded |= OpenAiError.IsOverload(kind, name);
    }

    private void SeeRefusal()
    {
        BeginContent();
        See(OutcomeClass.Refusal);
    }

    private void SeeItem(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        if (field == Item) _itemFailed = false;
        var fails = field == ItemError ? kind is JsonKind.Object or JsonKind.StringBegun : field == ItemStatus && text.SequenceEqual("failed"u8);
        if (!fails || _itemFailed) return;
        _itemFailed = true;
        _failedItems++;
    }

    // A response stands by itself or in an event.
    private static JsonShape MakeShape()
    {
        var shape = new JsonShape().Watch(Type, "type").Watch(Content, "delta").Watch(ErrorName, "code");
        foreach (var at in new[] { "", "response." })
        {
            shape.Watch(Object, at + "object").Watch(Id, at + "id").Watch(ConversationId, at + "conversation.id").Watch(Served, at + "model")
                .Watch(Status, at + "status").Watch(Reason, at + "incomplete_details.reason")
                .Watch(Content, at + "output[].content[].text", at + "output[].arguments", at + "output[].input", at + "output[].result")
                .Watch(Refusal, at + "output[].content[].refusal").Watch(Items, at + "output").Watch(Item, at + "output[]")
                .Watch(ItemError, at + "output[].error").Watch(ItemStatus, at + "output[].status")
                .Watch(UsageInput, at + "usage.input_tokens").Watch(UsageOutput, at + "usage.output_tokens")
                .Watch(UsageCached, at + "usage.input_tokens_details.cached_tokens").Watch(UsageIntoCache, at + "usage.input_tokens_details.cache_write_tokens")
                .Watch(Error, at + "error").Watch(ErrorName, at + "error.type", at + "error.code");
        }

        return shape;
    }
}
