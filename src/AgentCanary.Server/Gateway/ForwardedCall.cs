using AgentCanary.Protocols;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>One assigned request on its way to an agent and back.</summary>
internal sealed class ForwardedCall(CallTerms terms, CallRecord record) : HttpTransformer
{
    private bool _isStream;

    /// <summary>Gets what is learned of the call, and its outcome.</summary>
    public CallRecord Record => record;

    /// <summary>Gets who serves.</summary>
    public Upstream Upstream => record.By.Upstream;

    /// <summary>Gets whether an answer was held back: its agent does not know the id, and another one may.</summary>
    public bool IsPassed { get; private set; }

    /// <summary>Gets whether an answer was held back that failed before its content began, and another one is given in its place.</summary>
    public bool IsReplaced { get; private set; }

    /// <summary>Gets or sets whether the request was sent to one version and has to be sent to another.</summary>
    public bool IsSentTwice { get; set; }

    /// <summary>Gets whether a failure of who serves may still be answered by stable, although the request was sent.</summary>
    public bool MayResend => Request.MayResend && Upstream.Variant is Variant.Canary && !record.IsMade;

    /// <summary>Gets the request.</summary>
    public ref readonly CallRequest Request => ref record.Request;

    /// <summary>Gets whether the agent's response headers have come.</summary>
    public bool HasHeaders { get; private set; }

    /// <summary>Gets whether stable answered with success, and in nobody's place.</summary>
    public bool IsStablesOwn => record.IsGood && !record.By.IsRescue && !IsPassed && Upstream.Variant is Variant.Stable;

    /// <summary>Gets how the body broke, or null.</summary>
    public OutcomeClass? BodyFaultClass { get; private set; }

    /// <summary>Gets what ends the call when the version that serves it is withdrawn; none where it may finish.</summary>
    public CancellationToken Cut => record.By.Cut;

    /// <summary>Gets or sets the limit on the time to the response headers; null where the activity limit is the shorter one.</summary>
    public CancellationTokenSource? FirstByteLimit { get; set; }

    /// <inheritdoc/>
    public override ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = Upstream.AddressOf(Request.Target);
        var isRead = Request.Protocol != AgentProtocol.Http && Request.Protocol != AgentProtocol.Auto;
        var stripped = RequestHeaders.Copy(httpContext, proxyRequest, Upstream, Request.Prefix, isRead, PinToCarry());
        if (Request.Pin is not null && httpContext.Request.Headers.ContainsKey(CallerPin.Header)) stripped--; // it goes on
        if (Request.Pin is { Says.IsShadow: true } && httpContext.Request.Headers.ContainsKey(ShadowHeaders.Mark)) stripped--;
        if (stripped > 0 && !record.By.IsRescue) terms.Counters.OnStripped(stripped);
        return default;
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return true;
        if (Request.MayAskOther && !IsPassed && await UnknownId.IsToldByAsync(proxyResponse, cancellationToken))
        {
            IsPassed = true;
            return false;
        }

        FirstByteLimit?.CancelAfter(Timeout.InfiniteTimeSpan);
        if (MayResend && await AnswerHold.IsReplacedAsync(proxyResponse, this, terms, cancellationToken))
        {
            IsReplaced = true;
            return false;
        }

        HasHeaders = true;
        CopyHeaders(proxyResponse, httpContext.Response.Headers);
        if (proxyResponse.StatusCode is System.Net.HttpStatusCode.SwitchingProtocols)
        {
            record.Make(OutcomeClass.Ok, brokeOnWire: false);
            if (Cut.CanBeCanceled) httpContext.Response.RegisterForDispose(Cut.Register(httpContext.Abort));
            return true;
        }

        var head = new AnswerHead((int)proxyResponse.StatusCode, new AgentFields(proxyResponse.Headers, proxyResponse.Content.Headers));
        if (Request.Shadow is { } shadow && proxyResponse.Content.Headers.ContentEncoding.Count > 0) shadow.Copy.GiveUp();
        proxyResponse.Content = new WatchedContent(proxyResponse.Content, this);
        _isStream = IsEventStream(httpContext.Response);
        record.OnHead(head, isListenedTo: _isStream && Request.Protocol.Listens(Request.Head));
        // The caller of an event stream waits for its headers before there is anything to read.
        if (_isStream) await httpContext.Response.Body.FlushAsync(cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public override ValueTask TransformResponseTrailersAsync(HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken)
    {
        ResponseHeaders.CopyTrailers(httpContext, proxyResponse, record);
        return default;
    }

    /// <summary>Begins anew, because another version is asked.</summary>
    public void BeginAgain(Serving by)
    {
        record.By = by;
        (BodyFaultClass, IsReplaced) = (null, false);
    }

    /// <summary>Adds our own headers to an answer, the agent's or the gateway's.</summary>
    public void Sign(IHeaderDictionary headers)
    {
        headers["X-Canary-Version"] = Upstream.Spec.Version;
        headers["X-Canary-Variant"] = Upstream.Variant.WireName;
        headers["X-Canary-Decision"] = record.By.Decision;
        if (record.By.IsRescue) headers["X-Canary-Rescued"] = "true";
    }

    /// <summary>Reads bytes of the body as they pass.</summary>
    public void OnBodyBytes(ReadOnlySpan<byte> bytes)
    {
        Request.Shadow?.Copy.Add(bytes);
        record.OnBytes(bytes);
    }

    /// <summary>Gives up waiting for an answer of a version that was withdrawn; one that has begun ends as its stream is read.</summary>
    public void CutShort()
    {
        if (!HasHeaders) FirstByteLimit?.Cancel();
    }

    /// <summary>Ends a stream whose version was withdrawn.</summary>
    /// <param name="isWhole">Whether the last event that passed is whole.</param>
    /// <returns>What its caller should still read: the protocol's own words for a failure. Null where there are none, so that the stream has to be broken off.</returns>
    public string? End(bool isWhole)
    {
        terms.Counters.OnCut();
        var words = isWhole && _isStream && record.Answer is { } answer
            ? Request.Protocol.FailedEvent(Request.Body is null ? [] : Request.Body.Bytes, answer.Ids, Refusal.Cut.Detail) : null;
        record.Make(OutcomeClass.Abandoned, brokeOnWire: true);
        return words;
    }

    /// <summary>Notes that the body broke. Asked here, before anything is torn down: later nobody can tell who left first.</summary>
    public void OnBodyFault(Exception fault)
    {
        BodyFaultClass ??= terms.Caller.IsCancellationRequested ? OutcomeClass.CanceledByClient
            : fault is OperationCanceledException ? OutcomeClass.Timeout
            : OutcomeClass.StreamBroken;
    }

    private void CopyHeaders(HttpResponseMessage answer, IHeaderDictionary headers)
    {
        var listing = answer.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out var connection)
            ? ResponseHeaders.Listing(ResponseHeaders.ValuesOf(connection)) : default;
        ResponseHeaders.Copy(answer.Headers, headers, listing, record);
        ResponseHeaders.Copy(answer.Content.Headers, headers, listing, record);
        Sign(headers);
    }

    // The root of a call tree decides for all of it, as long as there is something to decide.
    private CarriedPin? PinToCarry() => Request.Pin is { } pin ? new(pin.Text, pin.Says.IsShadow)
        : Request.Assignment.Reason is AssignmentReason.Static or AssignmentReason.Disabled or AssignmentReason.Error ? null : Upstream.PinOf(terms.Pins, Request.CameAt);

    private static bool IsEventStream(HttpResponse response) =>
        response.StatusCode is >= 200 and < 300 && response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;
}
