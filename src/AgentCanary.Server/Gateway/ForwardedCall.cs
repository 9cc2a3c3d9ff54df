using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Server.Pins;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// One assigned request on its way to an agent and back. Whatever becomes of it, its outcome is recorded once: at the handshake for
/// upgraded connections and event streams that a GET opened, at once for a safety violation, else at the end.
/// </summary>
internal sealed class ForwardedCall(CallTerms terms, in CallRequest request) : HttpTransformer
{
    private readonly CallRequest _request = request;
    private AgentReport _report;
    private Exception? _bodyFault;
    private OutcomeClass? _bodyFaultClass;
    private WatchedAnswer? _answer;
    private Conversation? _conversation = request.Conversation;
    private int _recorded;
    private bool _hasHeaders;
    private bool _isGood;
    private bool _isStream;

    /// <summary>Gets or sets who serves: the assigned version, or stable for a canary out of reach.</summary>
    public required Upstream Upstream { get; set; }

    /// <summary>Gets or sets the decision id that the caller is given.</summary>
    public required string Decision { get; set; }

    /// <summary>Gets or sets whether stable answers for the canary.</summary>
    public bool IsRescued { get; set; }

    /// <summary>Gets whether an answer was held back: its agent does not know the id, and another one may.</summary>
    public bool IsPassed { get; private set; }

    /// <summary>Gets the assignment.</summary>
    public Assignment Assignment => _request.Assignment;

    /// <summary>Gets when the request came, UTC.</summary>
    public DateTimeOffset CameAt => _request.CameAt;

    /// <summary>Gets whether the agent's response headers have come.</summary>
    public bool HasHeaders => _hasHeaders;

    /// <summary>Gets whether stable answered with success, and in nobody's place.</summary>
    public bool IsStablesOwn => _isGood && !IsRescued && !IsPassed && Upstream.Variant is Variant.Stable;

    /// <summary>Gets how the body broke, or null.</summary>
    public OutcomeClass? BodyFaultClass => _bodyFaultClass;

    /// <summary>Gets or sets what ends the call when the version that serves it is withdrawn; none where it may finish.</summary>
    public CancellationToken Cut { get; set; }

    /// <summary>Gets or sets the limit on the time to the response headers; null where the activity limit is the shorter one.</summary>
    public CancellationTokenSource? FirstByteLimit { get; set; }

    /// <inheritdoc/>
    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = Upstream.AddressOf(_request.Target);
        var isRead = _request.Protocol != AgentProtocol.Http && _request.Protocol != AgentProtocol.Auto;
        var stripped = RequestHeaders.Copy(httpContext, proxyRequest, Upstream, _request.Prefix, isRead, PinToCarry());
        if (_request.Pin is not null && httpContext.Request.Headers.ContainsKey(CallerPin.Header)) stripped--; // it goes on
        if (stripped > 0 && !IsRescued) terms.Counters.OnStripped(stripped);
        return default;
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return true;
        if (_request.MayAskOther && !IsPassed && await UnknownId.IsToldByAsync(proxyResponse, cancellationToken))
        {
            IsPassed = true;
            return false;
        }

        _hasHeaders = true;
        FirstByteLimit?.CancelAfter(Timeout.InfiniteTimeSpan);
        var headers = httpContext.Response.Headers;
        var listing = proxyResponse.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection)
            ? ResponseHeaders.Listing(ResponseHeaders.ValuesOf(connection)) : default;
        ResponseHeaders.Copy(proxyResponse.Headers, headers, listing, this);
        ResponseHeaders.Copy(proxyResponse.Content.Headers, headers, listing, this);
        Sign(headers);
        var status = (int)proxyResponse.StatusCode;
        _isGood = status is >= 200 and < 300;
        if (status == StatusCodes.Status101SwitchingProtocols)
        {
            Record(OutcomeClass.Ok, brokeOnWire: false);
            if (Cut.CanBeCanceled) httpContext.Response.RegisterForDispose(Cut.Register(httpContext.Abort));
            return true;
        }

        if (_report.Class is OutcomeClass.Safety) Record(OutcomeClass.Safety, brokeOnWire: false);
        var head = new AnswerHead(status, new AgentFields(proxyResponse.Headers, proxyResponse.Content.Headers));
        if (proxyResponse.Content.Headers.ContentEncoding.Count > 0) _request.Shadow?.Copy.GiveUp();
        proxyResponse.Content = new WatchedContent(proxyResponse.Content, this);
        _isStream = IsEventStream(httpContext.Response);
        if (_isStream && _request.Protocol.Listens(_request.Head)) Record(HttpStatus.ClassOf(status), brokeOnWire: false);
        if (Volatile.Read(ref _recorded) == 0) _answer = new(_request.Protocol, _request.Head, head, terms.Time, terms.Log);
        Learn();
        // The caller of an event stream waits for its headers before there is anything to read.
        if (_isStream) await httpContext.Response.Body.FlushAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        var trailers = httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        ResponseHeaders.Copy(proxyResponse.TrailingHeaders, trailers is { IsReadOnly: false } ? trailers : null, default, this);
        return default;
    }

    /// <summary>Adds our own headers to an answer, the agent's or the gateway's.</summary>
    public void Sign(IHeaderDictionary headers)
    {
        headers["X-Canary-Version"] = Upstream.Spec.Version;
        headers["X-Canary-Variant"] = Upstream.Variant.WireName;
        headers["X-Canary-Decision"] = Decision;
        if (IsRescued) headers["X-Canary-Rescued"] = "true";
    }

    /// <summary>Takes what the agent says of its answer.</summary>
    public void OnReport(string name, string value)
    {
        if (IsRescued) return; // stable's word about its own answer is no evidence about the canary
        if (!_report.TryRead(name, value)) terms.Counters.OnBadReport();
    }

    /// <summary>Reads bytes of the body as they pass.</summary>
    public void OnBodyBytes(ReadOnlySpan<byte> bytes)
    {
        _request.Shadow?.Copy.Add(bytes);
        if (_answer is null || Volatile.Read(ref _recorded) != 0) return;
        _answer.Read(bytes);
        Learn();
        if (_answer.IsUnsafe) Record(OutcomeClass.Safety, brokeOnWire: false);
    }

    /// <summary>Gives up waiting for an answer of a version that was withdrawn; one that has begun ends as its stream is read.</summary>
    public void CutShort()
    {
        if (!_hasHeaders) FirstByteLimit?.Cancel();
    }

    /// <summary>Ends a stream whose version was withdrawn.</summary>
    /// <param name="isWhole">Whether the last event that passed is whole.</param>
    /// <returns>What its caller should still read: the protocol's own words for a failure. Null where there are none, so that the stream has to be broken off.</returns>
    public string? End(bool isWhole)
    {
        terms.Counters.OnCut();
        var words = isWhole && _isStream && _answer is not null
            ? _request.Protocol.FailedEvent(_request.Body is null ? [] : _request.Body.Bytes, _answer.Ids, Refusal.Cut.Detail) : null;
        Record(OutcomeClass.Abandoned, brokeOnWire: true);
        return words;
    }

    /// <summary>Notes that the body broke. Asked here, before anything is torn down: later nobody can tell who left first.</summary>
    public void OnBodyFault(Exception fault)
    {
        if (_bodyFault is not null) return;
        _bodyFault = fault;
        _bodyFaultClass = terms.Caller.IsCancellationRequested ? OutcomeClass.CanceledByClient
            : fault is OperationCanceledException ? OutcomeClass.Timeout
            : OutcomeClass.StreamBroken;
    }

    /// <summary>Records the outcome, the first time that it is called.</summary>
    /// <param name="seen">How the call ended as the gateway saw it.</param>
    /// <param name="brokeOnWire">Whether the transport, the clock or the caller ended it, not the agent.</param>
    public void Record(OutcomeClass seen, bool brokeOnWire)
    {
        if (Interlocked.Exchange(ref _recorded, 1) != 0) return;
        var (reading, contentAt) = Read(ref seen, ref brokeOnWire);
        Learn(isAnswered: seen is OutcomeClass.Ok or OutcomeClass.InputRequired);
        Keep(new()
        {
            Class = CallOutcome.Join(seen, brokeOnWire, _report.Class),
            Latency = terms.Time.GetElapsedTime(_request.StartedAt),
            FirstContent = contentAt is { } at ? terms.Time.GetElapsedTime(_request.StartedAt, at) : null,
            Tokens = reading.Usage?.Total,
            Cost = _request.Route.Prices.CostOf(reading.Model, reading.Usage),
            Model = reading.Model,
            Scores = _report.Scores,
        });
    }

    /// <summary>Records that the caller has cancelled the call by another request. What the agent still sends is owed to nobody, and may be nothing at all.</summary>
    public void OnCanceled()
    {
        if (Interlocked.Exchange(ref _recorded, 1) == 0) Keep(new() { Class = OutcomeClass.CanceledByClient, Latency = terms.Time.GetElapsedTime(_request.StartedAt) });
    }

    private void Keep(Outcome outcome)
    {
        terms.Totals.Finished(outcome.Class, outcome.Latency);
        if (outcome.IsUnpriced && !_request.Route.Prices.IsEmpty) terms.Totals.Unpriced(hasUsage: outcome.Tokens is not null);
        try
        {
            var assignment = _request.Assignment;
            _request.Route.Runtime.Record(assignment, outcome);
            if (_isGood && _answer?.Ids is { IsEmpty: false } named) terms.Names.Note(_request.Route.Agent, named, Decision, CameAt);
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
        brokeOnWire = seen is OutcomeClass.StreamBroken or OutcomeClass.Timeout or OutcomeClass.CanceledByClient or OutcomeClass.Abandoned;
        return read;
    }

    // The root of a call tree decides for all of it, as long as there is something to decide.
    private CarriedPin? PinToCarry() => _request.Pin is { } pin ? new(pin.Text)
        : _request.Assignment.Reason is AssignmentReason.Static or AssignmentReason.Disabled or AssignmentReason.Error ? null : Upstream.PinOf(terms.Pins, _request.CameAt);

    // Before the bytes go on: whoever has seen an id may name it at once.
    private void Learn(bool isAnswered = false)
    {
        if (!_isGood) return;
        try
        {
            if (_answer?.Ids is { IsEmpty: false } ids) (_conversation ??= new(_request.Route.Pins, [])).Learn(ids, Upstream.Variant, Began);
            if (isAnswered) _conversation?.Confirm(Upstream.Variant, Began);
        }
        catch (Exception fault)
        {
            terms.Log.LearningFailed(fault, _request.Route.Agent);
        }
    }

    // What a version answers in another's place began in no arm.
    private byte Began => Upstream.Variant == _request.Assignment.Variant ? _request.Began : (byte)0;

    private static bool IsEventStream(HttpResponse response) =>
        response.StatusCode is >= 200 and < 300 && response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
}
