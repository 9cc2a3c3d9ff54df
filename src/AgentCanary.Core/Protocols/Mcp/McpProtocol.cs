using System.Collections.Immutable;
using AgentCanary.Protocols.Http;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.Mcp;

/// <summary>The Model Context Protocol over streamable HTTP: the revisions with sessions, up to 2025-11-25, and those without, from 2026-07-28.</summary>
internal sealed class McpProtocol : AgentProtocol
{
    /// <summary>The most bytes that are kept of a request's state, which the agent may make as long as it likes; a longer one pins nothing.</summary>
    public const int MaxState = 16 << 10;

    private const int Method = 0;
    private const int RequestState = 1;
    private const int TaskId = 2;
    private const int Id = 3;
    private const int CancelledId = 4;

    private static readonly JsonShape Request = new JsonShape()
        .Watch(Method, "method").Watch(RequestState, "params.requestState").Watch(TaskId, "params.taskId", "params.notifications.taskIds[]")
        .Watch(Id, "id").Watch(CancelledId, "params.requestId");

    private static readonly byte[][] Rpc = ["\"jsonrpc\""u8.ToArray()];
    private static readonly byte[][] Marks =
        ["\"resultType\""u8.ToArray(), "\"serverInfo\""u8.ToArray(), "\"inputSchema\""u8.ToArray(), "\"isError\""u8.ToArray(), "\"structuredContent\""u8.ToArray()];

    public override string Name => "mcp";

    public override bool Recognizes(in CallHead call) => call.IsPostTo("/mcp") || new McpHead(call).HasOwnField;

    public override bool Listens(in CallHead call) => new McpHead(call).Listens;

    public override RequestReading ReadRequest(in CallHead call, ReadOnlySpan<byte> body)
    {
        var head = new McpHead(call);
        var texts = Request.ReadTexts(body, MaxState, takesNumbers: true);
        // Where there are sessions, nothing wider is kept together: the request that begins one is drawn.
        var session = head.Session;
        return new(null, head.Listens, head.IsModern ? Principal.Of(call.Headers) : session)
        {
            Ids = RequestReading.Named(
                (MintedIdKind.State, texts[RequestState]), (MintedIdKind.Task, texts[TaskId] ?? head.Task), (MintedIdKind.Session, session)),
            IsRead = call.Method == "GET" || IsRead(texts[Method] ?? head.Method),
            CallId = IdIn(session, texts[Id]),
            Cancels = texts[Method] == "notifications/cancelled" ? IdIn(session, texts[CancelledId]) : null,
        };
    }

    // A session numbers its calls itself. Without sessions, to go away is to cancel.
    private static string? IdIn(string? session, string? id) => session is null || id is null ? null : $"{session} {id}";

    public override string? FailedEvent(ReadOnlySpan<byte> body, ImmutableArray<MintedId> ids, string message) => JsonRpcFailure(body, message);

    // JSON-RPC alone is spoken by others too.
    internal override int FindMark(ReadOnlySpan<byte> bytes) => EndOfFirst(bytes, Rpc) is >= 0 and var rpc && EndOfFirst(bytes, Marks) is >= 0 and var own
        ? Math.Max(rpc, own)
        : -1;

    private protected override AnswerReader OpenBody(in CallHead call, in AnswerHead answer) =>
        call.Method == "DELETE" ? new HttpAnswerReader(answer.Status) : new McpReader(new(call), answer, Recognizes(call));

    private static bool IsRead(string? method) => method is "ping" or "server/discover" or "subscriptions/listen" or "completion/complete"
        or "tools/list" or "prompts/list" or "prompts/get" or "resources/list" or "resources/templates/list" or "resources/read"
        or "tasks/get" or "tasks/list" or "tasks/result" or "tasks/cancel" or "notifications/cancelled";
}
