namespace SupportAgent.Chat;

/// <summary>Writes one reply in the words of the API, whole or in chunks.</summary>
internal sealed class AnswerWriter(Reply reply, ChatRequest request, string id, long created, string model, string version)
{
    private const int WordsPerChunk = 8;

    public ChatCompletion Whole() => new(
        id, "chat.completion", created, model, version,
        [new ChatCompletion.Choice(0, new ChatCompletion.Message("assistant", reply.Text, reply.Refusal, Calls(inStream: false)), reply.FinishReason)],
        Usage());

    /// <summary>The role, the tool calls, the words, and the reason for the end.</summary>
    public IEnumerable<ChatChunk> Chunks()
    {
        yield return Chunk(new ChatChunk.Delta { Role = "assistant", Content = reply.Text is null ? null : "" });
        if (Calls(inStream: true) is { } calls)
        {
            yield return Chunk(new ChatChunk.Delta { ToolCalls = calls });
        }

        foreach (var piece in Pieces(reply.Text ?? ""))
        {
            yield return Chunk(new ChatChunk.Delta { Content = piece });
        }

        if (reply.Refusal is { } refusal)
        {
            yield return Chunk(new ChatChunk.Delta { Refusal = refusal });
        }

        yield return Chunk(new ChatChunk.Delta(), reply.FinishReason);
    }

    /// <summary>The chunk after all others that callers who ask for the usage get.</summary>
    public ChatChunk UsageChunk() => new(id, "chat.completion.chunk", created, model, version, [], Usage());

    private ChatChunk Chunk(ChatChunk.Delta delta, string? finishReason = null) =>
        new(id, "chat.completion.chunk", created, model, version, [new ChatChunk.Piece(0, delta, finishReason)]);

    private FunctionCall[]? Calls(bool inStream) => reply.Calls.Count == 0 ? null
        : [.. reply.Calls.Select((call, i) => new FunctionCall(
            $"call_{id["chatcmpl-".Length..]}{i}", "function", new FunctionCall.Target(call.Name, call.Arguments.ToJsonString()))
            { Index = inStream ? i : null })];

    private static IEnumerable<string> Pieces(string text)
    {
        var words = text.Split(' ');
        for (var i = 0; i < words.Length && text.Length > 0; i += WordsPerChunk)
        {
            yield return (i == 0 ? "" : " ") + string.Join(' ', words.Skip(i).Take(WordsPerChunk));
        }
    }

    private Usage Usage() => Chat.Usage.Of(
        request.Messages!.Sum(message => Chat.Usage.Tokens(message.Text())),
        Chat.Usage.Tokens(reply.Text ?? reply.Refusal ?? "") + reply.Calls.Sum(call => Chat.Usage.Tokens(call.Arguments.ToJsonString())));
}
