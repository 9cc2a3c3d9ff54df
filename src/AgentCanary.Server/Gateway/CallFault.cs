using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.Server.Gateway;

/// <summary>Tells apart who ended a failed call: the caller, the clock, or the agent.</summary>
internal static class CallFault
{
    /// <summary>Judges a failed call.</summary>
    /// <returns>The outcome, and what the caller is told where nothing was sent yet.</returns>
    public static (OutcomeClass Outcome, Refusal Refusal) Judge(HttpContext context, ForwardedCall call, ForwarderError error)
    {
        var fault = context.GetForwarderErrorFeature()?.Exception;
        if (call.BodyFaultClass is { } broken) return (broken, broken == OutcomeClass.Timeout ? Refusal.TimedOut : Refusal.AgentFailed);
        return error switch
        {
            ForwarderError.RequestTimedOut => (OutcomeClass.Timeout, Refusal.TimedOut),
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled when call.FirstByteLimit?.IsCancellationRequested == true && !call.HasHeaders =>
                (OutcomeClass.Timeout, Refusal.TimedOut),
            ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled or ForwarderError.ResponseBodyClient or ForwarderError.ResponseBodyCanceled =>
                (OutcomeClass.CanceledByClient, Refusal.AgentFailed),
            ForwarderError.RequestBodyClient => OfCallersBody(context, fault),
            ForwarderError.Request when UpstreamUnreachableException.IsCauseOf(fault) => (OutcomeClass.ErrorUpstream, Refusal.Unreachable),
            _ => (OutcomeClass.ErrorUpstream, Refusal.AgentFailed),
        };
    }

    // A body that breaks the rules is the caller's mistake; one that just ends, because the caller left, is not even that.
    private static (OutcomeClass Outcome, Refusal Refusal) OfCallersBody(HttpContext context, Exception? fault)
    {
        var bad = (fault as AggregateException)?.InnerExceptions.OfType<BadHttpRequestException>().FirstOrDefault() ?? fault as BadHttpRequestException;
        return bad is null || context.RequestAborted.IsCancellationRequested
            ? (OutcomeClass.CanceledByClient, Refusal.BadBody(400))
            : (OutcomeClass.ErrorClient, Refusal.BadBody(bad.StatusCode));
    }
}
