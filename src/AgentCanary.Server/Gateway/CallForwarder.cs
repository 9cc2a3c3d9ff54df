using AgentCanary.Protocols;
using AgentCanary.Routing;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>Forwards assigned requests, has stable answer for a canary that failed, asks both versions where nobody knows whose an id is, and sees to it that each one is recorded once. Thread-safe.</summary>
internal sealed class CallForwarder(IHttpForwarder forwarder, RouteTables tables, DecisionIds ids, ShadowQueues shadows, VersionPins pins, AnswerNames names, GatewayCounters counters, TimeProvider time, IOptions<GatewayOptions> options, ILogger<CallForwarder> log, IOutcomeTap? tap = null)
{
    private readonly GatewayOptions _options = options.Value;
    private readonly CancellableCalls _cancellable = new();
    private readonly CallRescue _rescue = new(counters, log);

    public async Task ForwardAsync(HttpContext context, CallRequest request)
    {
        var (call, upstream) = Begin(context, ref request);
        upstream.Totals.Started();
        _cancellable.Begin(request, call.Record);
        try
        {
            var error = await SendAsync(context, call);
            if (call.IsPassed && !call.HasHeaders) error = await AskOtherAsync(context, call);
            if (_rescue.Takes(context, call, error)) error = await RescueAsync(context, call);
            await FinishAsync(context, call, error);
            if (error == ForwarderError.None && call.IsStablesOwn) shadows.Offer(context, request);
            if (error == ForwarderError.None && !call.IsSentTwice) request.Body?.Return();
        }
        catch (Exception fault)
        {
            log.ForwardingFailed(fault, request.Route.Agent);
            if (context.Response.HasStarted) context.Abort();
            else await Problem.WriteAsync(context, Refusal.Internal, request.Route.Agent);
        }
        finally
        {
            // Nothing above leaves a call unrecorded but a fault of the gateway's own, which no version is to blame for.
            call.Record.Make(OutcomeClass.Abandoned, brokeOnWire: true);
            call.Record.Close();
            _cancellable.End(request);
        }
    }

    private (ForwardedCall Call, Upstream Upstream) Begin(HttpContext context, ref CallRequest request)
    {
        var route = request.Route;
        var upstream = Upstream(ref route, request.Assignment);
        request = request with { Route = route };
        route.Budget.Count(request.StartedAt);
        route.Resends?.Count(request.StartedAt);
        var terms = new CallTerms(counters, upstream.Totals, pins, time, log, tap, names, _rescue, context.RequestAborted);
        var by = new Serving(upstream, ids.Make(route.Rollout, request.Assignment, request.CameAt), CutOf(route, upstream));
        return (new(terms, new(terms, request) { By = by }), upstream);
    }

    // The plan may be newer than the table: a rollout that was superseded between two reads.
    private Upstream Upstream(ref AgentRoute route, in Assignment assignment)
    {
        if (route.Find(assignment) is { } upstream) return upstream;
        route = tables.Compile().Routes.GetValueOrDefault(route.Agent) ?? route;
        return route.Find(assignment) ?? route.Stable;
    }

    // The token is taken first: who comes too late for the cut finds the rollback that it was made for.
    private static CancellationToken CutOf(AgentRoute route, Upstream upstream)
    {
        // Nothing rolls back what has completed.
        if (upstream.Variant != Variant.Canary || route.Runtime.State.Phase is Phase.Completed) return CancellationToken.None;
        var cut = route.Pins.Cut;
        return route.Runtime.State is { Phase: Phase.RolledBack, Pins: PinsOnRollback.Cut } ? new(canceled: true) : cut;
    }

    private async ValueTask<ForwarderError> SendAsync(HttpContext context, ForwardedCall call)
    {
        var upstream = call.Upstream;
        PrepareBody(context, upstream, call.Request.Body);
        call.FirstByteLimit = null;
        var isLimited = _options.FirstByteTimeout < _options.ActivityTimeout;
        if (!isLimited && !call.Cut.CanBeCanceled)
            return await forwarder.SendAsync(context, upstream.Address, upstream.Client, upstream.Terms, call, CancellationToken.None);
        using var limit = isLimited ? new CancellationTokenSource(_options.FirstByteTimeout, time) : new();
        call.FirstByteLimit = limit;
        // Once there are headers, the stream itself ends in the protocol's own way.
        await using var cut = call.Cut.UnsafeRegister(static call => ((ForwardedCall)call!).CutShort(), call);
        return await forwarder.SendAsync(context, upstream.Address, upstream.Client, upstream.Terms, call, limit.Token);
    }

    private void PrepareBody(HttpContext context, Upstream upstream, ReadBody? body)
    {
        var fields = upstream.Spec.Set;
        byte[]? edited = null;
        if (!fields.IsEmpty && body is { IsWhole: true } && context.Request.Headers.ContentEncoding.Count == 0) edited = JsonEdit.TrySet(body.Bytes, fields);
        if (!fields.IsEmpty && edited is null && context.Request.ContentLength is not 0 and not null) counters.OnBodyNotEdited();
        body?.Restore(context, edited);
    }

    private async ValueTask<ForwarderError> RescueAsync(HttpContext context, ForwardedCall call)
    {
        counters.OnRescued();
        var error = await SendOnAsync(context, call, isRescue: true);
        if (call.HasHeaders && !call.IsSentTwice) call.Request.Route.Budget.Return();
        return error;
    }

    private ValueTask<ForwarderError> AskOtherAsync(HttpContext context, ForwardedCall call)
    {
        counters.OnAskedOther();
        return SendOnAsync(context, call, isRescue: false);
    }

    private ValueTask<ForwarderError> SendOnAsync(HttpContext context, ForwardedCall call, bool isRescue)
    {
        var (route, assignment, cameAt) = (call.Request.Route, call.Request.Assignment, call.Request.CameAt);
        var other = route.Other(call.Upstream);
        // The other version's answer is nobody's evidence, so a late score for it must not reach the assigned one.
        var decision = ids.Make(route.Rollout, assignment with { Version = other.Spec.Version, Variant = other.Variant, Arm = Arm.Outside, StartTick = -1 }, cameAt, isRescue: isRescue);
        call.BeginAgain(new(other, decision, CutOf(route, other), isRescue));
        // The forwarder takes a status other than 200 for an answer of somebody else's.
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Features.Set<IForwarderErrorFeature>(null);
        return SendAsync(context, call);
    }

    private static async Task FinishAsync(HttpContext context, ForwardedCall call, ForwarderError error)
    {
        if (IsAnswered(context, call, error))
        {
            call.Record.Make(HttpStatus.ClassOf(context.Response.StatusCode), brokeOnWire: false);
            return;
        }

        // A stream has ended itself; who waited for its headers has not.
        if (call.Cut.IsCancellationRequested && !call.HasHeaders) call.End(isWhole: false);
        var isWithdrawn = call.Cut.IsCancellationRequested && !context.Response.HasStarted;
        var (outcome, refusal) = isWithdrawn ? (OutcomeClass.Abandoned, Refusal.Cut) : CallFault.Judge(context, call, error);
        call.Record.Make(outcome, brokeOnWire: true);
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        context.Response.Clear();
        call.Sign(context.Response.Headers);
        await Problem.WriteAsync(context, refusal, call.Request.Route.Agent);
    }

    // An agent may answer before it has read the whole request: what then happens to the rest of the request's body is no fault of the answer.
    private static bool IsAnswered(HttpContext context, ForwardedCall call, ForwarderError error) => error switch
    {
        ForwarderError.None => true,
        ForwarderError.RequestBodyDestination or ForwarderError.RequestBodyCanceled or ForwarderError.RequestBodyClient =>
            call.HasHeaders && call.BodyFaultClass is null && !context.RequestAborted.IsCancellationRequested,
        _ => false,
    };
}
