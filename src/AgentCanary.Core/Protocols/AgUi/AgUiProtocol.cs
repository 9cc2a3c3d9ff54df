using System.Collections.Immutable;
using AgentCanary.Protocols.Http;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.AgUi;

/// <summary>AG-UI, the Agent-User Interaction Protocol, as server-sent events. It has no route of its own: what a run is asked with tells it apart.</summary>
internal sealed class AgUiProtocol : AgentProtocol
{
    private const string BinaryEvents = "application/vnd.ag-ui.event+proto";
    private const int Thread = 0;
    private const int Run = 1;
    private const int Interrupt = 2;
    private const int Messages = 3;
    private const int Needed = 1 << Thread | 1 << Run | 1 << Messages;

    private static readonly JsonShape Request = new JsonShape()
        .Watch(Thread, "threadId").Watch(Run, "runId").Watch(Interrupt, "resume[].interruptId").Watch(Messages, "messages");

    // The two events that a stream may begin with.
    private static readonly byte[][] Marks = ["\"RUN_STARTED\""u8.ToArray(), "\"RUN_ERROR\""u8.ToArray()];

    public override string Name => "ag-ui";

    public override bool Recognizes(in CallHead call) => call.IsPostTo("/ag-ui") || call.IsPostTo("/agui") || Accepts(call, BinaryEvents);

    public override bool HasKeyInBody(in CallHead call) => call.IsJsonPost || Recognizes(call);

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var texts = Request.ReadTexts(body, MaxKey);
        return new(null, texts[Run] is not null, texts[Thread])
        {
            // The interrupts of a run were made by one version, so that one of them tells it.
            Ids = RequestReading.Named((MintedIdKind.State, texts[Interrupt]), (MintedIdKind.Conversation, texts[Thread])),
        };
    }

    public override string FailedEvent(ReadOnlySpan<byte> body, ImmutableArray<MintedId> ids, string message) =>
        Event(null, $$"""{"type":"RUN_ERROR","message":{{Quote(message)}}}""");

    internal override bool MayBe(in CallHead call) => call.IsJsonPost && Accepts(call, "text/event-stream");

    internal override bool RecognizesBody(ReadOnlySpan<byte> body)
    {
        var (json, seen) = (new JsonScanner(Request, MaxKey), 0);
        while (json.Next(ref body))
            if (json.Kind == (json.Field == Messages ? JsonKind.Array : JsonKind.String)) seen |= 1 << json.Field;
        return (seen & Needed) == Needed;
    }

    internal override int FindMark(ReadOnlySpan<byte> bytes) => EndOfFirst(bytes, Marks);

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) =>
        Says(answer.Headers.Find("content-type"), BinaryEvents) ? new HttpAnswerReader(answer.Status) : new AgUiReader(answer, MayBe(call) || Recognizes(call));

    private static bool Accepts(in CallHead call, string type) => call.Method == "POST" && Says(call.Headers.Find("accept"), type);

    private static bool Says(string? types, string type) => types?.Contains(type, StringComparison.OrdinalIgnoreCase) == true;
}
