using System.Collections.Immutable;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.Anthropic;

/// <summary>Anthropic's Messages.</summary>
internal sealed class AnthropicProtocol : AgentProtocol
{
    private const int Model = 0;
    private const int Stream = 1;
    private const int UserId = 2;
    private const int Container = 3;

    private static readonly JsonShape Request =
        new JsonShape().Watch(Model, "model").Watch(Stream, "stream").Watch(UserId, "metadata.user_id").Watch(Container, "container", "container.id");

    // No mark is "message" alone: answers of many kinds have something of that name or type.
    private static readonly byte[][] Marks =
    [
        "\"message_start\""u8.ToArray(), "\"type\":\"message\",\"role\":\"assistant\""u8.ToArray(), "\"type\": \"message\", \"role\": \"assistant\""u8.ToArray(),
    ];

    public override string Name => "anthropic";

    public override bool Recognizes(in CallHead call) => call.IsPostTo("/v1/messages") || call.Headers.Find("anthropic-version") is not null;

    // The field for the version also comes with uploads of files.
    public override bool HasKeyInBody(in CallHead call) => call.IsJsonPost || AnswersMessage(call);

    public override bool AsksModel(in CallHead call) => AnswersMessage(call);

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var texts = Request.ReadTexts(body, MaxKey);
        // The first request of a conversation has no container yet: the user is who chose the version, so the user is the better key.
        return new(texts[Model], texts[Stream] == "true", texts[UserId] ?? texts[Container])
        {
            Ids = RequestReading.Named((MintedIdKind.State, texts[Container])),
            IsRead = call.Method is "GET" or "HEAD",
        };
    }

    public override string FailedEvent(ReadOnlySpan<byte> body, ImmutableArray<MintedId> ids, string message) =>
        Event("error", $$$"""{"type":"error","error":{"type":"api_error","message":{{{Quote(message)}}}}}""");

    internal override int FindMark(ReadOnlySpan<byte> bytes) => EndOfFirst(bytes, Marks);

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) => new AnthropicReader(answer, AnswersMessage(call));

    private bool AnswersMessage(in CallHead call) => call.IsPostTo("/messages") && Recognizes(call);
}
