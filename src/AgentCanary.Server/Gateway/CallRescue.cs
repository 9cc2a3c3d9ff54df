using AgentCanary.Protocols;
using AgentCanary.Rescue;
using AgentCanary.Routing;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>
/// Decides whether another version answers in the place of one that failed, takes it out of the budget, and has the failure recorded: whoever answers in the end, it is the canary's. Thread-safe.
/// </summary>
internal sealed class CallRescue(GatewayCounters counters, ILogger log)
{
    /// <summary>Judges a call that ended without an answer, or whose answer was held back and failed.</summary>
    public bool Takes(HttpContext context, ForwardedCall call, ForwarderError error)
    {
        if (call.IsReplaced) return true;
        if (error is ForwarderError.None || call.HasHeaders || context.Response.HasStarted) return false;
        return error is ForwarderError.Request or ForwarderError.RequestTimedOut && context.GetForwarderErrorFeature()?.Exception is { } fault && UpstreamUnreachableException.IsCauseOf(fault)
            ? TakesUnsent(call, fault) : TakesUnanswered(context, call, error);
    }

    /// <summary>Judges an answer that was held back.</summary>
    /// <param name="call">The call.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="end">How it ended.</param>
    public bool TakesHeld(ForwardedCall call, HttpResponseMessage answer, AnswerEnd end)
    {
        var status = (int)answer.StatusCode;
        var reading = call.Record.Judge(end, ResponseHeaders.ClassIn(answer));
        if (!RescuePolicy.IsRescued(reading.Class, status, reading.IsOverloaded)) return false;
        return end is AnswerEnd.Complete ? TakesSent(call, HttpStatus.ClassOf(status), brokeOnWire: false, answer) : TakesSent(call, call.BodyFaultClass ?? OutcomeClass.StreamBroken, brokeOnWire: true, answer);
    }

    private bool TakesUnsent(ForwardedCall call, Exception fault)
    {
        var route = call.Request.Route;
        log.OutOfReach(call.Upstream.Spec.Version, route.Agent, fault.Message);
        call.Record.Make(OutcomeClass.ErrorUpstream, brokeOnWire: true);
        if (route.Spec.Rescue == RescueMode.Off || (call.Upstream.Variant != Variant.Canary && !IsLeftBehind(call.Request))) return false;
        // Who forced the canary wants to see it, down or not; and a completed rollout has no other version to ask.
        if (call.Request.Assignment.Reason is AssignmentReason.Forced or AssignmentReason.Static) return false;
        if (route.Budget.TryTake()) return true;
        counters.OnRescueDenied();
        return false;
    }

    private bool TakesUnanswered(HttpContext context, ForwardedCall call, ForwarderError error)
    {
        if (!call.MayResend || context.RequestAborted.IsCancellationRequested || call.Cut.IsCancellationRequested) return false;
        var (outcome, _) = CallFault.Judge(context, call, error);
        return RescuePolicy.IsRescued(outcome, status: 0, isOverloaded: false) && TakesSent(call, outcome, brokeOnWire: true);
    }

    // What was sent costs both versions their work, so it is never given back.
    private bool TakesSent(ForwardedCall call, OutcomeClass seen, bool brokeOnWire, HttpResponseMessage? held = null)
    {
        if (call.Request.Route.Resends?.TryTake() != true)
        {
            counters.OnRescueDenied();
            return false;
        }

        log.FailedEarly(call.Upstream.Spec.Version, call.Request.Route.Agent);
        if (held is not null) ResponseHeaders.Read(held, call.Record); // what stands is read as it passes
        call.Record.Make(seen, brokeOnWire);
        call.IsSentTwice = true;
        return true;
    }

    // A conversation that stayed on stable after everybody else had gone over: a stable that was taken down has left it behind.
    private static bool IsLeftBehind(in CallRequest request) =>
        request.Assignment is { Reason: AssignmentReason.Pinned, Variant: Variant.Stable } && request.Route.Runtime.Plan.Mode == RouteMode.Canary;
}
