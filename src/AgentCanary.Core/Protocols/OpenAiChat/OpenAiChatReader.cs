using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.OpenAiChat;

/// <summary>Reads a chat completion, or the chunks of one.</summary>
internal sealed class OpenAiChatReader(in AnswerHead answer, bool isOwn) : JsonAnswerReader(answer, isOwn, Shape)
{
    private const int Id = 0;
    private const int Served = 1;
    private const int Choices = 2;
    private const int Content = 3;
    private const int Refusal = 4;
    private const int FinishReason = 5;
    private const int Flagged = 6;
    private const int PromptTokens = 7;
    private const int CompletionTokens = 8;
    private const int PromptTokensCached = 9;
    private const int PromptTokensIntoCache = 10;
    private const int Error = 11;
    private const int ErrorName = 12;

    private static readonly JsonShape Shape = new JsonShape()
        .Watch(Id, "id").Watch(Served, "model").Watch(Choices, "choices")
        .Watch(Content, "choices[].delta.content", "choices[].delta.tool_calls[]", "choices[].delta.function_call", "choices[].delta.audio.data")
        .Watch(Content, "choices[].message.content", "choices[].message.tool_calls[]", "choices[].message.function_call", "choices[].message.audio.data")
        .Watch(Refusal, "choices[].delta.refusal", "choices[].message.refusal")
        .Watch(FinishReason, "choices[].finish_reason")
        .Watch(Flagged, "moderation.input.results[].flagged", "moderation.output.results[].flagged")
        .Watch(PromptTokens, "usage.prompt_tokens").Watch(CompletionTokens, "usage.completion_tokens")
        .Watch(PromptTokensCached, "usage.prompt_tokens_details.cached_tokens").Watch(PromptTokensIntoCache, "usage.prompt_tokens_details.cache_write_tokens")
        .Watch(Error, "error").Watch(ErrorName, "error.type", "error.code");

    private bool _hasChoices;
    private bool _hasFinished;
    private bool _isDone;
    private bool _hasError;
    private OutcomeClass? _error;

    // A stream ends with a finish reason and the mark behind it, a JSON text with its last bracket; an error ends either.
    protected override bool HasEnded => IsStream ? _hasError || _hasFinished && _isDone : IsWhole && (_hasError || _hasChoices);

    protected override void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case Id when kind == JsonKind.String: Mint(MintedIdKind.Answer, text); break;
            case Served: Serve(kind, text); break;
            case Choices when kind == JsonKind.Array: SeeChoices(); break;
            case Content when kind is JsonKind.StringBegun or JsonKind.Object or JsonKind.Array: BeginContent(); break;
            case Refusal when kind == JsonKind.StringBegun: SeeRefusal(); break;
            case FinishReason when kind == JsonKind.String: Finish(text); break;
            case Flagged when kind == JsonKind.True: See(OutcomeClass.Safety); break;
            case PromptTokens: InputTokens = Count(kind, text) ?? InputTokens; break;
            case CompletionTokens: OutputTokens = Count(kind, text) ?? OutputTokens; break;
            case PromptTokensCached: CachedTokens = Count(kind, text) ?? CachedTokens; break;
            case PromptTokensIntoCache: CacheWriteTokens = Count(kind, text) ?? CacheWriteTokens; break;
            case Error when kind is JsonKind.Object or JsonKind.String: _hasError = true; break;
            case ErrorName: SeeErrorName(kind, text); break;
        }
    }

    protected override void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
        if (first.SequenceEqual("[DONE]"u8)) _isDone = true;
        if (_hasError) SeeError(_error);
    }

    private void SeeChoices()
    {
        _hasChoices = true;
        Own();
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

    private void Finish(ReadOnlySpan<byte> reason)
    {
        _hasFinished = true;
        if (reason.SequenceEqual("content_filter"u8)) See(OutcomeClass.Safety);
        if (reason.SequenceEqual("length"u8)) See(OutcomeClass.Truncated);
    }
}
