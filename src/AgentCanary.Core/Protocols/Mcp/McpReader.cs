using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.Mcp;

/// <summary>Reads the response to an MCP request: a JSON-RPC response, alone or behind the notifications of a stream, or what a listener is told.</summary>
internal sealed class McpReader : JsonAnswerReader
{
    private const int JsonRpc = 0;
    private const int Result = 1;
    private const int ResultType = 2;
    private const int Content = 3;
    private const int IsError = 4;
    private const int RequestState = 5;
    private const int TaskId = 6;
    private const int TaskStatus = 7;
    private const int Error = 8;
    private const int ErrorCode = 9;

    private static readonly JsonShape Shape = Watch(Watch(new(), ""), "[].");

    private readonly McpHead _call;
    private bool _hasResponse;
    private bool _hasEnded;
    private bool _hasError;
    private bool _canBeResumed;
    private OutcomeClass? _error;
    private string? _task;
    private bool _taskEnds;

    public McpReader(in McpHead call, in AnswerHead answer, bool isOwn)
        : base(answer, isOwn, Shape, McpProtocol.MaxState)
    {
        _call = call;
        if (call.IsModern || answer.Status is < 200 or >= 300 || answer.Headers.Find(McpHead.SessionField) is not { } session) return;
        Own();
        Mint(new(MintedIdKind.Session, session));
    }

    // Who listens is owed no answer.
    protected override bool HasEnded => _hasEnded || IsStream && _call.Listens;

    // From 2026-07-28 on, to go away is to cancel; before, the work may go on, and a caller that was given an event's id may come back for the rest.
    protected override OutcomeClass? WithoutEnd(AnswerEnd end)
    {
        if (_call.IsModern) return null;
        if (end == AnswerEnd.CallerLeft) return OutcomeClass.Abandoned;
        return end == AnswerEnd.Complete && _canBeResumed ? OutcomeClass.InputRequired : null;
    }

    protected override void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case JsonRpc when kind == JsonKind.String: Own(); break;
            case Result: _hasResponse = true; break;
            case ResultType when kind == JsonKind.String && text.SequenceEqual("input_required"u8): See(OutcomeClass.InputRequired); break;
            case Content when kind == JsonKind.Object: BeginContent(); break;
            case IsError when kind == JsonKind.True: ToolFailures++; break;
            case RequestState when kind == JsonKind.String: Mint(MintedIdKind.State, text); break;
            case TaskId when kind == JsonKind.String: _task = Mint(MintedIdKind.Task, text); break;
            case TaskStatus when kind == JsonKind.String: SeeTask(text); break;
            case Error when kind == JsonKind.Object: _hasResponse = _hasError = true; break;
            case ErrorCode: _error = NameError(kind, text) ?? _error; break;
        }
    }

    protected override void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
        if (IsStream && first.IsEmpty) _canBeResumed = true;
        if (_hasResponse && IsWhole) _hasEnded = true;
        if (_taskEnds && IsWhole) EndedTask = _task;
        if (_hasError) SeeError(_error);
    }

    // Revision 2025-03-26 allowed several responses in one array.
    private static JsonShape Watch(JsonShape shape, string at) => shape
        .Watch(JsonRpc, at + "jsonrpc").Watch(Result, at + "result").Watch(ResultType, at + "result.resultType")
        .Watch(Content, at + "result.content[]", at + "result.structuredContent", at + "result.contents[]", at + "result.messages[]")
        .Watch(Content, at + "result.result.content[]", at + "result.result.structuredContent")
        .Watch(IsError, at + "result.isError", at + "result.result.isError").Watch(RequestState, at + "result.requestState")
        .Watch(TaskId, at + "result.taskId", at + "result.task.taskId").Watch(TaskStatus, at + "result.status", at + "result.task.status")
        .Watch(Error, at + "error", at + "result.error").Watch(ErrorCode, at + "error.code", at + "result.error.code");

    // A task that goes on has no outcome yet.
    private void SeeTask(ReadOnlySpan<byte> status)
    {
        _taskEnds = status.SequenceEqual("completed"u8) || status.SequenceEqual("failed"u8) || status.SequenceEqual("cancelled"u8);
        if (status.SequenceEqual("failed"u8)) _hasError = true;
        if (status.SequenceEqual("cancelled"u8)) See(OutcomeClass.CanceledByClient);
        if (status.SequenceEqual("working"u8) || status.SequenceEqual("input_required"u8)) See(OutcomeClass.InputRequired);
    }

    // Servers number errors of their own as they like, and drafts numbered some of the protocol's otherwise: of these the status knows more.
    private static OutcomeClass? NameError(JsonKind kind, ReadOnlySpan<byte> text) => Whole(kind, text) switch
    {
        -32603 => OutcomeClass.ErrorUpstream,
        -32042 => OutcomeClass.InputRequired,
        -32700 or >= -32602 and <= -32600 or -32002 or >= -32022 and <= -32020 => OutcomeClass.ErrorClient,
        _ => null,
    };
}
