using System.Collections.Immutable;
using AgentCanary.Protocols.Http;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.A2a;

/// <summary>The Agent2Agent protocol, 1.0 and 0.3, over JSON-RPC and over HTTP with JSON. What the two versions call otherwise never clashes, so both are read at once.</summary>
internal sealed class A2aProtocol : AgentProtocol
{
    private const int Method = 0;
    private const int MessageTask = 1;
    private const int Context = 2;
    private const int Reference = 3;
    private const int Task = 4;
    private const int Id = 5;

    private static readonly JsonShape Request = new JsonShape()
        .Watch(Method, "method").Watch(Task, "params.taskId").Watch(Id, "params.id")
        .Watch(MessageTask, "message.taskId", "params.message.taskId")
        .Watch(Context, "message.contextId", "params.message.contextId", "params.contextId")
        .Watch(Reference, "message.referenceTaskIds[]", "params.message.referenceTaskIds[]");

    private static readonly byte[][] Marks = ["\"TASK_STATE_"u8.ToArray(), "\"contextId\""u8.ToArray()];

    public override string Name => "a2a";

    public override bool Recognizes(in CallHead call) => call.Headers.Find("a2a-version") is not null || call.Headers.Find("a2a-extensions") is not null
        || call.Headers.Find("x-a2a-extensions") is not null || IsA2aJson(call.Headers.Find("content-type"))
        || call.IsPostTo("/a2a") || A2aPath.IsOwn(call.Path);

    public override bool HasKeyInBody(in CallHead call) => Recognizes(call) || call.IsJsonPost;

    // Whoever follows a task follows it to its end.
    public override bool Listens(in CallHead call) => false;

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var texts = Request.ReadTexts(body, MaxKey);
        var method = texts[Method] ?? A2aPath.VerbIn(call.Path);
        var task = texts[MessageTask] ?? texts[Task] ?? texts[Id] ?? A2aPath.TaskIn(call.Path);
        return new(null, A2aMethod.Streams(method), texts[Context] ?? task ?? texts[Reference])
        {
            Ids = RequestReading.Named((MintedIdKind.Task, task), (MintedIdKind.Conversation, texts[Context]), (MintedIdKind.Task, texts[Reference])),
            IsRead = call.Method == "GET" || A2aMethod.IsRead(method),
        };
    }

    public override string? FailedEvent(ReadOnlySpan<byte> body, ImmutableArray<MintedId> ids, string message) => JsonRpcFailure(body, message);

    internal override int FindMark(ReadOnlySpan<byte> bytes) => EndOfFirst(bytes, Marks);

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) =>
        call.Method == "DELETE" ? new HttpAnswerReader(answer.Status) : new A2aReader(answer, Recognizes(call), A2aPath.Sends(call.Path));

    private static bool IsA2aJson(string? type) => type?.StartsWith("application/a2a+json", StringComparison.OrdinalIgnoreCase) == true;
}
