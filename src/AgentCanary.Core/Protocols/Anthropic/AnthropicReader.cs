using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.Anthropic;

/// <summary>Reads a message, or the events of one.</summary>
internal sealed class AnthropicReader(in AnswerHead answer, bool isOwn) : JsonAnswerReader(answer, isOwn, Shape)
{
    private const int Type = 0;
    private const int Id = 1;
    private const int Container = 2;
    private const int Served = 3;
    private const int StopReason = 4;
    private const int Content = 5;
    private const int ResultType = 6;
    private const int ResultIsError = 7;
    private const int FreshTokens = 8;
    private const int TokensIntoCache = 9;
    private const int TokensFromCache = 10;
    private const int AnswerTokens = 11;
    private const int Error = 12;
    private const int ErrorType = 13;

    private static readonly JsonShape Shape = new JsonShape()
        .Watch(Type, "type").Watch(Id, "id", "message.id").Watch(Container, "container.id", "message.container.id", "delta.container.id")
        .Watch(Served, "model", "message.model").Watch(StopReason, "stop_reason", "delta.stop_reason")
        .Watch(Content, "content[].text", "content[].thinking", "content[].input")
        .Watch(Content, "content_block.text", "delta.text", "delta.thinking", "delta.partial_json")
        .Watch(ResultType, "content[].content.type", "content_block.content.type").Watch(ResultIsError, "content[].is_error", "content_block.is_error")
        .Watch(FreshTokens, "usage.input_tokens", "message.usage.input_tokens")
        .Watch(TokensIntoCache, "usage.cache_creation_input_tokens", "message.usage.cache_creation_input_tokens")
        .Watch(TokensFromCache, "usage.cache_read_input_tokens", "message.usage.cache_read_input_tokens")
        .Watch(AnswerTokens, "usage.output_tokens") // message_start has a count of its own, which is only what was written by then
        .Watch(Error, "error").Watch(ErrorType, "error.type");

    private static readonly (byte[] Name, OutcomeClass Class)[] Errors =
    [
        ("rate_limit_error"u8.ToArray(), OutcomeClass.RateLimited),
        ("overloaded_error"u8.ToArray(), OutcomeClass.RateLimited),
        ("timeout_error"u8.ToArray(), OutcomeClass.Timeout),
        ("api_error"u8.ToArray(), OutcomeClass.ErrorUpstream),
        ("authentication_error"u8.ToArray(), OutcomeClass.ErrorClient),
        ("billing_error"u8.ToArray(), OutcomeClass.ErrorClient),
        ("invalid_request_error"u8.ToArray(), OutcomeClass.ErrorClient),
        ("not_found_error"u8.ToArray(), OutcomeClass.ErrorClient),
        ("permission_error"u8.ToArray(), OutcomeClass.ErrorClient),
        ("request_too_large"u8.ToArray(), OutcomeClass.ErrorClient),
    ];

    private bool _isNamed;
    private bool _hasMessage;
    private bool _hasStopped;
    private bool _hasError;
    private OutcomeClass? _error;
    private long? _fresh;

    protected override bool HasEnded => IsStream ? _hasError || _hasStopped : IsWhole && (_hasError || _hasMessage);

    protected override void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case Type when kind == JsonKind.String: SeeType(text); break;
            case Id when kind == JsonKind.String: Mint(MintedIdKind.Answer, text); break;
            case Container when kind == JsonKind.String: Mint(MintedIdKind.State, text); break;
            case Served: Serve(kind, text); break;
            case StopReason when kind == JsonKind.String: SeeReason(text); break;
            case Content when kind is JsonKind.StringBegun or JsonKind.Object: BeginContent(); break;
            case ResultType when kind == JsonKind.String && text.EndsWith("_tool_result_error"u8): ToolFailures++; break;
            case ResultIsError when kind == JsonKind.True: ToolFailures++; break;
            case FreshTokens or TokensIntoCache or TokensFromCache or AnswerTokens: SeeCount(field, Count(kind, text)); break;
            case Error when kind is JsonKind.Object or JsonKind.String: _hasError = true; break;
            case ErrorType when kind == JsonKind.String: SeeErrorType(text); break;
        }
    }

    protected override void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
        if (!_isNamed) SeeType(name);
        _isNamed = false;
        if (_hasError) SeeError(_error);
    }

    private void SeeType(ReadOnlySpan<byte> type)
    {
        _isNamed = true;
        _hasStopped |= type.SequenceEqual("message_stop"u8);
        if (!type.SequenceEqual(IsStream ? "message_start"u8 : "message"u8)) return;
        _hasMessage = true;
        Own();
    }

    private void SeeErrorType(ReadOnlySpan<byte> type)
    {
        _error = ClassOf(type);
        IsOverloaded = type.SequenceEqual("overloaded_error"u8);
    }

    private void SeeReason(ReadOnlySpan<byte> reason)
    {
        if (reason.SequenceEqual("refusal"u8)) See(OutcomeClass.Refusal);
        if (reason.SequenceEqual("max_tokens"u8) || reason.SequenceEqual("model_context_window_exceeded"u8)) See(OutcomeClass.Truncated);
    }

    // What a stream says at its end holds for all of it, and replaces what it said at its beginning. Input tokens leave out what goes through the cache.
    private void SeeCount(int field, long? count)
    {
        if (count is null) return;
        if (field == FreshTokens) _fresh = count;
        if (field == TokensIntoCache) CacheWriteTokens = count;
        if (field == TokensFromCache) CachedTokens = count;
        if (field == AnswerTokens) OutputTokens = count;
        else InputTokens = (_fresh ?? 0) + (CacheWriteTokens ?? 0) + (CachedTokens ?? 0);
    }

    private static OutcomeClass? ClassOf(ReadOnlySpan<byte> error)
    {
        foreach (var (name, outcomeClass) in Errors)
            if (error.SequenceEqual(name)) return outcomeClass;
        return null;
    }
}
