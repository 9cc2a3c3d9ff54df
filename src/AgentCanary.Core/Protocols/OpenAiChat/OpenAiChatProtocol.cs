using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.OpenAiChat;

/// <summary>OpenAI's Chat Completions, as many agents and model servers speak it.</summary>
internal sealed class OpenAiChatProtocol : AgentProtocol
{
    private const int Model = 0;
    private const int Stream = 1;
    private const int SafetyIdentifier = 2;
    private const int User = 3;

    private static readonly JsonShape Request =
        new JsonShape().Watch(Model, "model").Watch(Stream, "stream").Watch(SafetyIdentifier, "safety_identifier").Watch(User, "user");

    public override string Name => "openai-chat";

    public override bool NamesIds => false;

    public override bool Recognizes(in CallHead call) => call.IsPostTo("/chat/completions");

    public override bool HasKeyInBody(in CallHead call) => Recognizes(call) || call.IsJsonPost;

    public override bool AsksModel(in CallHead call) => Recognizes(call);

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var texts = Request.ReadTexts(body, MaxKey);
        return new(texts[Model], texts[Stream] == "true", texts[SafetyIdentifier] ?? texts[User]);
    }

    internal override int FindMark(ReadOnlySpan<byte> bytes)
    {
        var mark = "\"chat.completion"u8;
        return bytes.IndexOf(mark) is >= 0 and var at ? at + mark.Length : -1;
    }

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) => new OpenAiChatReader(answer, Recognizes(call));
}
