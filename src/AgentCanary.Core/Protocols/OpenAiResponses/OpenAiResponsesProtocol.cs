using System.Collections.Immutable;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.OpenAiResponses;

/// <summary>OpenAI's Responses, with the conversations that belong to them.</summary>
internal sealed class OpenAiResponsesProtocol : AgentProtocol
{
    private const int Model = 0;
    private const int Stream = 1;
    private const int Conversation = 2;
    private const int PreviousResponse = 3;
    private const int SafetyIdentifier = 4;
    private const int User = 5;

    private static readonly JsonShape Request = new JsonShape()
        .Watch(Model, "model").Watch(Stream, "stream")
        .Watch(Conversation, "conversation", "conversation.id").Watch(PreviousResponse, "previous_response_id")
        .Watch(SafetyIdentifier, "safety_identifier").Watch(User, "user");

    // No mark is "response": too many answers of other kinds have a field of that name.
    private static readonly byte[][] Marks = ["\"response.created\""u8.ToArray(), "\"object\":\"response\""u8.ToArray(), "\"object\": \"response\""u8.ToArray()];

    public override string Name => "openai-responses";

    public override bool Recognizes(in CallHead call) => ResponsesRoute.Of(call).IsKnown;

    public override bool HasKeyInBody(in CallHead call) => call.IsJsonPost || call.Method == "POST" && Recognizes(call);

    public override bool AsksModel(in CallHead call) => ResponsesRoute.Of(call).BeginsResponse;

    // A response that is asked for once more ends like the first time.
    public override bool Listens(in CallHead call) => false;

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var route = ResponsesRoute.Of(call);
        var texts = Request.ReadTexts(body, MaxKey);
        return new(texts[Model], texts[Stream] == "true", texts[Conversation] ?? texts[SafetyIdentifier] ?? texts[User])
        {
            Ids = RequestReading.Named(
                (route.Kind, route.Id), (MintedIdKind.Conversation, texts[Conversation]), (MintedIdKind.Response, texts[PreviousResponse])),
            IsRead = route.IsRead,
        };
    }

    public override string FailedEvent(ReadOnlySpan<byte> body, ImmutableArray<MintedId> ids, string message)
    {
        var error = $$"""{"code":"server_error","message":{{Quote(message)}}}""";
        return ids.FirstOrDefault(id => id.Kind is MintedIdKind.Response).Value is { } id
            ? Event("response.failed", $$$"""{"type":"response.failed","response":{"id":{{{Quote(id)}}},"object":"response","status":"failed","error":{{{error}}},"output":[]}}""")
            : Event("error", $$"""{"type":"error","code":"server_error","message":{{Quote(message)}},"param":null}""");
    }

    internal override int FindMark(ReadOnlySpan<byte> bytes) => EndOfFirst(bytes, Marks);

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer)
    {
        var route = ResponsesRoute.Of(call);
        return new OpenAiResponsesReader(answer, route.AnswersResponse, route.Kind);
    }
}
