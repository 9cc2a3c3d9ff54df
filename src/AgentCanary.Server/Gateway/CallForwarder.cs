using AgentCanary.Protocols;
using AgentCanary.Routing;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>Forwards assigned requests, has stable answer for a canary out of reach, asks both versions where nobody knows whose an id is, and sees to it that each one is recorded once. Thread-safe.</summary>
internal sealed class CallForwarder(IHttpForwarder forwarder, RouteTables tables, DecisionIds ids, ShadowQueues shadows, VersionPins pins, AnswerNames names, GatewayCounters counters, TimeProvider time, IOptions<GatewayOptions> options, ILogger<CallForwarder> log, IOutcomeTap? tap = null)
{
    private readonly GatewayOptions _options = options.Value;
    private readonly CancellableCalls _cancellable = new();

    public async Task ForwardAsync(HttpContext context, CallRequest request)
    {
        var (route, assignment) = (request.Route, request.Assignment);
        var upstream = Upstream(ref route, assignment);
        route.Budget.Count(request.StartedAt);
        upstream.Totals.Started();
        var call = new ForwardedCall(new(counters, upstream.Totals, pins, time, log, tap, names, context.RequestAborted), request with { Route = route })
        {
            Upstream = upstream,
            Decision = ids.Make(route.Rollout, assignment, request.CameAt),
            Cut = CutOf(route, upstream),
        };
        _cancellable.Begin(request, call);
        try
        {
            var error = await SendAsync(context, call, request.Body);
            if (call.IsPassed && !call.HasHeaders) error = await AskOtherAsync(context, route, call, request.Body);
            if (CanRescue(context, route, call, error)) error = await RescueAsync(context, route, call, request.Body);
            await FinishAsync(context, route, call, error);
            if (error == ForwarderError.None && call.IsStablesOwn) shadows.Offer(context, request);
            if (error == ForwarderError.None) request.Body?.Return();
        }
        catch (Exception fault)
        {
            log.ForwardingFailed(fault, route.Agent);
            if (context.Response.HasStarted) context.Abort();
            else await Problem.WriteAsync(context, Refusal.Internal, route.Agent);
        }
        finally
        {
            // Nothing above leaves a call unrecorded but a fault of the gateway's own, which no version is to blame for.
            call.Record(OutcomeClass.Abandoned, brokeOnWire: true);
            _cancellable.End(request);
        }
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
        if (upstream.Variant != Variant.Canary) return CancellationToken.None;
        var cut = route.Pins.Cut;
        return route.Runtime.State is { Phase: Phase.RolledBack, Pins: PinsOnRollback.Cut } ? new(canceled: true) : cut;
    }

    private async ValueTask<ForwarderError> SendAsync(HttpContext context, ForwardedCall call, ReadBody? body)
    {
        var upstream = call.Upstream;
        PrepareBody(context, upstream, body);
        call.FirstByteLimit = null;
        if (_options.FirstByteTimeout >= _options.ActivityTimeout && !call.Cut.CanBeCanceled)
            return await forwarder.SendAsync(context, upstream.Address, upstream.Client, upstream.Terms, call, CancellationToken.None);
        using var limit = new CancellationTokenSource(_options.FirstByteTimeout, time);
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

    private bool CanRescue(HttpContext context, AgentRoute route, ForwardedCall call, ForwarderError error)
    {
        if (error is not (ForwarderError.Request or ForwarderError.RequestTimedOut) || call.HasHeaders || context.Response.HasStarted) return false;
        var fault = context.GetForwarderErrorFeature()?.Exception;
        if (!UpstreamUnreachableException.IsCauseOf(fault)) return false;
        log.OutOfReach(call.Upstream.Spec.Version, route.Agent, fault?.Message);
        call.Record(OutcomeClass.ErrorUpstream, brokeOnWire: true);
        if (route.Spec.Rescue == RescueMode.Off || (call.Upstream.Variant != Variant.Canary && !IsLeftBehind(route, call))) return false;
        // Who forced the canary wants to see it, down or not; and a completed rollout has no other version to ask.
        if (call.Assignment.Reason is AssignmentReason.Forced or AssignmentReason.Static) return false;
        if (route.Budget.TryTake()) return true;
        counters.OnRescueDenied();
        return false;
    }

    private async ValueTask<ForwarderError> RescueAsync(HttpContext context, AgentRoute route, ForwardedCall call, ReadBody? body)
    {
        counters.OnRescued();
        call.IsRescued = true;
        var error = await SendOnAsync(context, route, call, body);
        if (call.HasHeaders) route.Budget.Return();
        return error;
    }

    // A conversation that stayed on stable after everybody else had gone over: a stable that was taken down has left it behind.
    private static bool IsLeftBehind(AgentRoute route, ForwardedCall call) =>
        call.Assignment is { Reason: AssignmentReason.Pinned, Variant: Variant.Stable } && route.Runtime.Plan.Mode == RouteMode.Canary;

    private ValueTask<ForwarderError> AskOtherAsync(HttpContext context, AgentRoute route, ForwardedCall call, ReadBody? body)
    {
        counters.OnAskedOther();
        return SendOnAsync(context, route, call, body);
    }

    private ValueTask<ForwarderError> SendOnAsync(HttpContext context, AgentRoute route, ForwardedCall call, ReadBody? body)
    {
        call.Upstream = route.Other(call.Upstream);
        call.Cut = CutOf(route, call.Upstream);
        // The forwarder takes a status other than 200 for an answer of somebody else's.
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Features.Set<IForwarderErrorFeature>(null);
        // The other version's answer is nobody's evidence, so a late score for it must not reach the assigned one.
        var (version, variant) = (call.Upstream.Spec.Version, call.Upstream.Variant);
        call.Decision = ids.Make(route.Rollout, call.Assignment with { Version = version, Variant = variant, Arm = Arm.Outside, StartTick = -1 }, call.CameAt);
        return SendAsync(context, call, body);
    }

    private static async Task FinishAsync(HttpContext context, AgentRoute route, ForwardedCall call, ForwarderError error)
    {
        if (IsAnswered(context, call, error))
        {
            call.Record(HttpStatus.ClassOf(context.Response.StatusCode), brokeOnWire: false);
            return;
        }

        if (call.Cut.IsCancellationRequested && !call.HasHeaders) call.End(isWhole: false);
        var (outcome, refusal) = call.Cut.IsCancellationRequested && !call.HasHeaders ? (OutcomeClass.Abandoned, Refusal.Cut) : CallFault.Judge(context, call, error);
        call.Record(outcome, brokeOnWire: true);
        if (context.Response.HasStarted || context.RequestAborted.IsCancellationRequested) return;
        context.Response.Clear();
        call.Sign(context.Response.Headers);
        await Problem.WriteAsync(context, refusal, route.Agent);
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
