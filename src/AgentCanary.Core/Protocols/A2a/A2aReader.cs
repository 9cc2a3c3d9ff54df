using System.Text;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.A2a;

/// <summary>Reads the answer to an A2A call: a task or a message, what becomes of a task, or whatever else is looked up.</summary>
/// <param name="answer">The answer's head.</param>
/// <param name="isOwn">Whether only this protocol's answer can stand here.</param>
/// <param name="sends">Whether a message was sent, as far as the path tells: then a task or a message is due.</param>
internal sealed class A2aReader(in AnswerHead answer, bool isOwn, bool sends) : JsonAnswerReader(answer, isOwn, Shape)
{
    private const int JsonRpc = 0;
    private const int Response = 1;
    private const int Message = 2;
    private const int Kind = 3;
    private const int Final = 4;
    private const int TaskId = 5;
    private const int ContextId = 6;
    private const int Id = 7;
    private const int Status = 8;
    private const int ResultId = 9;
    private const int ResultStatus = 10;
    private const int State = 11;
    private const int Content = 12;
    private const int Error = 13;
    private const int ErrorCode = 14;

    private static readonly JsonShape Shape = Watch(Watch(new(), ""), "result.")
        .Watch(JsonRpc, "jsonrpc").Watch(Response, "result").Watch(Error, "error").Watch(ErrorCode, "error.code")
        .Watch(Id, "id").Watch(Status, "status").Watch(ResultId, "result.id").Watch(ResultStatus, "result.status");

    private TaskProgress _progress;
    private TaskProgress _told;
    private bool _isFinal;
    private bool _isDue = sends;
    private bool _hasResponse;
    private bool _hasError;
    private OutcomeClass? _error;
    private (string? Id, bool HasStatus) _task;
    private (string? Id, bool HasStatus) _result;
    private string? _named;
    private bool _taskEnds;

    // A stream ends with its task or with a message. Alone, anything whole may be an answer, a task that still goes on excepted.
    protected override bool HasEnded => _progress == TaskProgress.Ended
        || !IsStream && IsWhole && _progress == TaskProgress.None && (_hasResponse || !_isDue);

    // What waits for the caller is as it should be, and so is a task that goes on behind an answer that is whole. Who leaves does not cancel.
    protected override OutcomeClass? WithoutEnd(AnswerEnd end)
    {
        if (_progress == TaskProgress.Paused || _progress == TaskProgress.Open && (_isFinal || !IsStream)) return OutcomeClass.InputRequired;
        return end == AnswerEnd.CallerLeft ? OutcomeClass.Abandoned : null;
    }

    protected override void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case JsonRpc when kind == JsonKind.String: SeeRpc(); break;
            case Response: _hasResponse = true; break;
            case Message when kind == JsonKind.Object: Tell(TaskProgress.Ended); break;
            case Kind when kind == JsonKind.String && text.SequenceEqual("message"u8): Tell(TaskProgress.Ended); break;
            case Final when kind == JsonKind.True: _isFinal = true; break;
            case TaskId when kind == JsonKind.String: _named = Mint(MintedIdKind.Task, text); break;
            case ContextId when kind == JsonKind.String: Mint(MintedIdKind.Conversation, text); break;
            case Id when kind == JsonKind.String && !IsCut: MintTask(_task = (Encoding.UTF8.GetString(text), _task.HasStatus)); break;
            case Status when kind == JsonKind.Object: MintTask(_task = (_task.Id, true)); break;
            case ResultId when kind == JsonKind.String && !IsCut: MintTask(_result = (Encoding.UTF8.GetString(text), _result.HasStatus)); break;
            case ResultStatus when kind == JsonKind.Object: MintTask(_result = (_result.Id, true)); break;
            case State when kind == JsonKind.String: SeeState(Encoding.UTF8.GetString(text)); break;
            case Content when kind == JsonKind.Object: BeginContent(); break;
            case Error when kind == JsonKind.Object: _hasError = true; break;
            case ErrorCode: SeeCode(Whole(kind, text)); break;
        }
    }

    protected override void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
        if (IsWhole && _told != TaskProgress.None) _progress = _told;
        if (IsWhole && _taskEnds) EndedTask = _named;
        if (_hasError) SeeError(_error);
        (_told, _task, _result, _taskEnds) = (TaskProgress.None, default, default, false);
    }

    private static JsonShape Watch(JsonShape shape, string at) => shape
        .Watch(Message, at + "message").Watch(Kind, at + "kind").Watch(Final, at + "final")
        .Watch(TaskId, at + "task.id", at + "message.taskId", at + "statusUpdate.taskId", at + "artifactUpdate.taskId", at + "taskId")
        .Watch(ContextId, at + "task.contextId", at + "message.contextId", at + "statusUpdate.contextId", at + "artifactUpdate.contextId", at + "contextId")
        .Watch(State, at + "task.status.state", at + "statusUpdate.status.state", at + "status.state")
        .Watch(Content, at + "task.artifacts[].parts[]", at + "task.status.message.parts[]", at + "message.parts[]", at + "artifactUpdate.artifact.parts[]")
        .Watch(Content, at + "statusUpdate.status.message.parts[]")
        .Watch(Content, at + "artifacts[].parts[]", at + "status.message.parts[]", at + "parts[]", at + "artifact.parts[]");

    private void SeeRpc()
    {
        _isDue = true;
        Own();
    }

    // A task's own id stands beside its status. Of JSON-RPC, the id beside it is the request's.
    private void MintTask((string? Id, bool HasStatus) task)
    {
        if (task is { Id: { } id, HasStatus: true }) Mint(new(MintedIdKind.Task, _named = id));
    }

    private void Tell(TaskProgress progress)
    {
        _told = progress;
        _hasResponse = true;
        Own();
    }

    private void SeeState(string state)
    {
        switch (state)
        {
            case "TASK_STATE_SUBMITTED" or "TASK_STATE_WORKING" or "submitted" or "working": Tell(TaskProgress.Open); break;
            case "TASK_STATE_INPUT_REQUIRED" or "TASK_STATE_AUTH_REQUIRED" or "input-required" or "auth-required": Tell(TaskProgress.Paused); break;
            case "TASK_STATE_COMPLETED" or "completed": EndTask(OutcomeClass.Ok); break;
            case "TASK_STATE_FAILED" or "failed": EndTask(OutcomeClass.ErrorUpstream); break;
            case "TASK_STATE_CANCELED" or "canceled": EndTask(OutcomeClass.CanceledByClient); break;
            case "TASK_STATE_REJECTED" or "rejected": EndTask(OutcomeClass.Refusal); break;
        }
    }

    private void SeeCode(long? code)
    {
        _error = NameError(code) ?? _error;
        IsOverloaded |= code is 529;
    }

    private void EndTask(OutcomeClass outcomeClass)
    {
        Tell(TaskProgress.Ended);
        _taskEnds = true;
        if (outcomeClass != OutcomeClass.Ok) See(outcomeClass);
    }

    // Over HTTP the code of an error is a status.
    private static OutcomeClass? NameError(long? code) => code switch
    {
        -32603 or -32006 => OutcomeClass.ErrorUpstream,
        -32700 or >= -32602 and <= -32600 or >= -32009 and <= -32001 => OutcomeClass.ErrorClient,
        >= 400 and <= 599 => HttpStatus.ClassOf((int)code),
        _ => null,
    };
}
