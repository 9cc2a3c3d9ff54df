using AgentCanary.Protocols;
using AgentCanary.Server.Pins;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// What is learned of one call while it passes, and its outcome, which is recorded once: at the handshake for upgraded connections and event streams that a GET opened, at once for
/// a safety violation, else at the end. One call's.
/// </summary>
internal sealed class CallRecord(CallTerms terms, in CallRequest request)
{
    private readonly CallRequest _request = request;
    private AgentReport _report;
    private WatchedAnswer? _answer;
    private Conversation? _conversation = request.Conversation;
    private int _made;

    /// <summary>Gets or sets who serves.</summary>
    public required Serving By { get; set; }

    /// <summary>Gets the request.</summary>
    public ref readonly CallRequest Request => ref _request;

    /// <summary>Gets whether the answer is a 2xx.</summary>
    public bool IsGood { get; private set; }

    /// <summary>Gets the answer as it is read; null where none is.</summary>
    public WatchedAnswer? Answer => _answer;

    /// <summary>Gets whether the outcome is recorded.</summary>
    public bool IsMade => Volatile.Read(ref _made) != 0;

    /// <summary>Takes what the agent says of its answer.</summary>
    public void OnReport(string name, string value)
    {
        if (By.IsRescue) return; // stable's word about its own answer is no evidence about the canary
        if (!_report.TryRead(name, value)) terms.Counters.OnBadReport();
    }

    /// <summary>Begins to read an answer that is held back: nobody has seen it, so nothing is learned of it.</summary>
    public WatchedAnswer Hold(in AnswerHead head) => _answer = Open(head);

    /// <summary>Judges an answer that was held back as it would be recorded.</summary>
    /// <param name="end">How it ended.</param>
    /// <param name="said">The agent's own word, or null.</param>
    public AnswerReading Judge(AnswerEnd end, OutcomeClass? said)
    {
        var reading = _answer!.End(end).Reading;
        return reading with { Class = CallOutcome.Join(reading.Class, CallOutcome.IsBreak(reading.Class), said) };
    }

    /// <summary>Takes the head of an answer whose headers have told their reports.</summary>
    /// <param name="head">The head.</param>
    /// <param name="isListenedTo">Whether it is a stream that has no end of its own.</param>
    public void OnHead(in AnswerHead head, bool isListenedTo)
    {
        Close(); // what was held was read for the rescue's sake
        _answer = null;
        IsGood = head.Status is >= 200 and < 300;
        if (_report.Class is OutcomeClass.Safety) Make(OutcomeClass.Safety, brokeOnWire: false);
        if (isListenedTo) Make(HttpStatus.ClassOf(head.Status), brokeOnWire: false);
        _answer = IsMade && !By.IsRescue ? null : Open(head);
        Learn();
    }

    /// <summary>Reads bytes of the body as they pass.</summary>
    public void OnBytes(ReadOnlySpan<byte> bytes)
    {
        // A rescued call is recorded before its answer comes, and the ids in that are still stable's.
        if (_answer is null || (IsMade && !By.IsRescue)) return;
        _answer.Read(bytes);
        Learn();
        if (_answer.IsUnsafe) Make(OutcomeClass.Safety, brokeOnWire: false);
    }

    /// <summary>Records the outcome, the first time that it is called.</summary>
    /// <param name="seen">How the call ended as the gateway saw it.</param>
    /// <param name="brokeOnWire">Whether the transport, the clock or the caller ended it, not the agent.</param>
    public void Make(OutcomeClass seen, bool brokeOnWire)
    {
        if (Interlocked.Exchange(ref _made, 1) != 0) return;
        var (reading, contentAt) = Read(ref seen, ref brokeOnWire);
        Learn(isAnswered: seen is OutcomeClass.Ok or OutcomeClass.InputRequired);
        // What another version answered is not what this one's answers cost.
        if (By.Upstream.Variant != _request.Assignment.Variant) reading = default;
        var outcome = new Outcome
        {
            Class = CallOutcome.Join(seen, brokeOnWire, _report.Class),
            Latency = terms.Time.GetElapsedTime(_request.StartedAt),
            FirstContent = contentAt is { } at ? terms.Time.GetElapsedTime(_request.StartedAt, at) : null,
            Tokens = reading.Usage?.Total,
            Cost = _request.Route.Prices.CostOf(reading.Model, reading.Usage),
            // Tokens of several models, or of one that is not named, have a cost that nobody knows.
            Model = reading.Model ?? (reading.Usage is null || _request.Route.Prices.IsEmpty ? null : ""),
            Scores = _report.Scores,
        };
        Keep(IsSecondLook(outcome, reading.EndedTask) ? new() { Class = OutcomeClass.InputRequired, Latency = outcome.Latency } : outcome);
    }

    /// <summary>Records that the caller has cancelled the call by another request. What the agent still sends is owed to nobody, and may be nothing at all.</summary>
    public void MakeCanceled()
    {
        if (Interlocked.Exchange(ref _made, 1) == 0) Keep(new() { Class = OutcomeClass.CanceledByClient, Latency = terms.Time.GetElapsedTime(_request.StartedAt) });
    }

    /// <summary>Ends the reading, where nobody has asked what it came to: what unpacks an answer gives its memory back. Called last.</summary>
    public void Close() => _answer?.End(AnswerEnd.Broken);

    private WatchedAnswer Open(in AnswerHead head) => new(_request.Protocol, _request.Head, head, terms.Time, terms.Log);

    // What has ended, by the agent's own word, ended once: who looks at it again is told of the same outcome, and of the same tokens. A violation is never left out.
    private bool IsSecondLook(in Outcome outcome, string? task) => outcome.Class is not OutcomeClass.InputRequired && !CallOutcome.IsBreak(outcome.Class) && IsGood && _answer?.Ids is { IsEmpty: false } ids
        && terms.Names.End(_request.Route.Agent, ids, task, By.Decision, _request.CameAt) && _request.IsRead && outcome.Violations == 0;

    private void Keep(Outcome outcome)
    {
        terms.Totals.Finished(outcome.Class, outcome.Latency.GetValueOrDefault());
        if (outcome.IsUnpriced && !_request.Route.Prices.IsEmpty) terms.Totals.Unpriced(hasUsage: outcome.Tokens is not null);
        try
        {
            var assignment = _request.Assignment;
            _request.Route.Runtime.Record(assignment, outcome);
            if (IsGood && !_request.IsRead && _answer?.Ids is { IsEmpty: false } named) terms.Names.Note(_request.Route.Agent, named, By.Decision, _request.CameAt);
            terms.Tap?.OnOutcome(_request.Route.Agent, assignment, outcome, _request.Key, _request.CameAt);
        }
        catch (Exception fault)
        {
            terms.Log.RecordFailed(fault, _request.Route.Agent); // a request never fails because of its own statistics
        }
    }

    // What the answer itself says is finer than what the gateway saw: an answer of 200 may be a failure, and one that is whole was not broken.
    private (AnswerReading Reading, long? ContentAt) Read(ref OutcomeClass seen, ref bool brokeOnWire)
    {
        if (_answer is null) return default;
        var end = CallOutcome.EndOf(seen, brokeOnWire);
        var read = _answer.End(end ?? AnswerEnd.Broken);
        if (end is null) return read;
        seen = read.Reading.Class;
        brokeOnWire = CallOutcome.IsBreak(seen);
        return read;
    }

    // Before the bytes go on: whoever has seen an id may name it at once.
    private void Learn(bool isAnswered = false)
    {
        if (!IsGood) return;
        try
        {
            if (_answer?.Ids is { IsEmpty: false } ids) (_conversation ??= new(_request.Route.Pins, [])).Learn(ids, By.Upstream.Variant, Began);
            if (isAnswered) _conversation?.Confirm(By.Upstream.Variant, Began);
        }
        catch (Exception fault)
        {
            terms.Log.LearningFailed(fault, _request.Route.Agent);
        }
    }

    // What a version answers in another's place began in no arm.
    private byte Began => By.Upstream.Variant == _request.Assignment.Variant ? _request.Began : (byte)0;
}
