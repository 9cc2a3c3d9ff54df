using System.Text;
using AgentCanary.Protocols.Json;

namespace AgentCanary.Protocols.AgUi;

/// <summary>Reads the events of a run.</summary>
internal sealed class AgUiReader(in AnswerHead answer, bool isOwn) : JsonAnswerReader(answer, isOwn, Shape)
{
    private const int Type = 0;
    private const int Thread = 1;
    private const int Content = 2;
    private const int OutcomeType = 3;
    private const int Interrupt = 4;
    private const int Served = 5;
    private const int UsageInput = 6;
    private const int UsageOutput = 7;
    private const int UsageCached = 8;
    private const int UsageIntoCache = 9;

    private static readonly JsonShape Shape = new JsonShape()
        .Watch(Type, "type").Watch(Thread, "threadId")
        .Watch(Content, "delta", "toolCallName")
        .Watch(OutcomeType, "outcome.type").Watch(Interrupt, "outcome.interrupts[].id")
        .Watch(Served, "usage[].model").Watch(UsageInput, "usage[].inputTokens").Watch(UsageOutput, "usage[].outputTokens")
        .Watch(UsageCached, "usage[].cachedInputTokens").Watch(UsageIntoCache, "usage[].cacheWriteInputTokens");

    private RunEvent _event;
    private OutcomeClass? _outcome;
    private bool _hasEnded;
    private bool _hasSeveralModels;

    // Nothing but a stream of events is an answer.
    protected override bool HasEnded => IsStream && _hasEnded;

    protected override void OnValue(int field, JsonKind kind, ReadOnlySpan<byte> text)
    {
        switch (field)
        {
            case Type when kind == JsonKind.String: SeeType(text); break;
            case Thread when kind == JsonKind.String: Mint(MintedIdKind.Conversation, text); break;
            // A change of the state is called delta too, and is a list.
            case Content when kind == JsonKind.StringBegun: BeginContent(); break;
            case OutcomeType when kind == JsonKind.String: _outcome = ClassOf(text); break;
            case Interrupt when kind == JsonKind.String: Mint(MintedIdKind.State, text); break;
            case Served when kind == JsonKind.String: SeeModel(kind, text); break;
            case UsageInput: InputTokens = Sum(InputTokens, Count(kind, text)); break;
            case UsageOutput: OutputTokens = Sum(OutputTokens, Count(kind, text)); break;
            case UsageCached: CachedTokens = Sum(CachedTokens, Count(kind, text)); break;
            case UsageIntoCache: CacheWriteTokens = Sum(CacheWriteTokens, Count(kind, text)); break;
        }
    }

    protected override void OnText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> first)
    {
        if (IsWhole) Take(_event);
        (_event, _outcome) = (RunEvent.Other, null);
    }

    // A stream may hold one run after the other.
    private void Take(RunEvent told)
    {
        switch (told)
        {
            case RunEvent.Started: _hasEnded = false; break;
            case RunEvent.SubagentFailed: ToolFailures++; break;
            case RunEvent.Finished:
                _hasEnded = true;
                if (_outcome is { } outcome) See(outcome);
                break;
            case RunEvent.Failed:
                _hasEnded = true;
                SeeError(null);
                break;
        }
    }

    private void SeeType(ReadOnlySpan<byte> type)
    {
        _event = type.SequenceEqual("RUN_STARTED"u8) ? RunEvent.Started
            : type.SequenceEqual("RUN_FINISHED"u8) ? RunEvent.Finished
            : type.SequenceEqual("RUN_ERROR"u8) ? RunEvent.Failed
            : type.SequenceEqual("SUBAGENT_ERROR"u8) ? RunEvent.SubagentFailed
            : RunEvent.Other;
        if (_event != RunEvent.Other && IsStream) Own();
    }

    // The tokens of several models have no common price: then none is named.
    private void SeeModel(JsonKind kind, ReadOnlySpan<byte> text)
    {
        _hasSeveralModels |= Model is not null && !Ascii.Equals(text, Model);
        if (_hasSeveralModels) Model = null;
        else Serve(kind, text);
    }

    private static long? Sum(long? sum, long? count) => count is null ? sum : Math.Min((sum ?? 0) + count.Value, MaxCount);

    private static OutcomeClass? ClassOf(ReadOnlySpan<byte> outcome) =>
        outcome.SequenceEqual("interrupt"u8) ? OutcomeClass.InputRequired : outcome.SequenceEqual("cancelled"u8) ? OutcomeClass.CanceledByClient : null;
}
