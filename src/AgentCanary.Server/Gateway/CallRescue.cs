using AgentCanary.Routing;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>Decides whether another version answers in the place of one that failed, and takes it out of the budget. Thread-safe.</summary>
internal sealed class CallRescue(GatewayCounters counters, ILogger log)
{
    /// <summary>Judges a call that ended without an answer. The failure of a version out of reach is recorded here, whoever answers in the end.</summary>
    public bool Takes(HttpContext context, ForwardedCall call, ForwarderError error)
    {
        if (error is not (ForwarderError.Request or ForwarderError.RequestTimedOut) || call.HasHeaders || context.Response.HasStarted) return false;
        var fault = context.GetForwarderErrorFeature()?.Exception;
        if (!UpstreamUnreachableException.IsCauseOf(fault)) return false;
        var route = call.Request.Route;
        log.OutOfReach(call.Upstream.Spec.Version, route.Agent, fault?.Message);
        call.Record.Make(OutcomeClass.ErrorUpstream, brokeOnWire: true);
        if (route.Spec.Rescue == RescueMode.Off || (call.Upstream.Variant != Variant.Canary && !IsLeftBehind(call.Request))) return false;
        // Who forced the canary wants to see it, down or not; and a completed rollout has no other version to ask.
        if (call.Request.Assignment.Reason is AssignmentReason.Forced or AssignmentReason.Static) return false;
        if (route.Budget.TryTake()) return true;
        counters.OnRescueDenied();
        return false;
    }

    // A conversation that stayed on stable after everybody else had gone over: a stable that was taken down has left it behind.
    private static bool IsLeftBehind(in CallRequest request) =>
        request.Assignment is { Reason: AssignmentReason.Pinned, Variant: Variant.Stable } && request.Route.Runtime.Plan.Mode == RouteMode.Canary;
}
