using System.Collections.Immutable;
using AgentCanary.Protocols;
using AgentCanary.Shadow;

namespace AgentCanary.Rescue;

/// <summary>Which requests may be sent to stable after the canary was sent them, and after which failures. Pure and thread-safe.</summary>
public static class RescuePolicy
{
    /// <summary>
    /// Tells whether a request may be sent a second time: its method changes nothing by definition (RFC 9110, 9.2.1), its path was declared, or where nothing was declared it only asks a model.
    /// </summary>
    /// <param name="protocol">What the call speaks.</param>
    /// <param name="call">The request's head.</param>
    /// <param name="routes">The paths that were declared, each whole or with <c>/*</c> at its end; the default array where none were.</param>
    public static bool MayResend(AgentProtocol protocol, in CallHead call, ImmutableArray<string> routes)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return ShadowPolicy.MayRepeat(call.Method, call.Path, routes.IsDefault ? [] : routes) || (routes.IsDefault && protocol.AsksModel(call));
    }

    /// <summary>Tells whether a call that ended before any content has failed in a way that stable may do better. A rate limit asks everybody to send less, and a safety violation is an answer.</summary>
    /// <param name="outcome">How the call ended.</param>
    /// <param name="status">Its status; 0 where none came.</param>
    /// <param name="isOverloaded">Whether the agent says that it is overloaded.</param>
    public static bool IsRescued(OutcomeClass outcome, int status, bool isOverloaded) => outcome switch
    {
        OutcomeClass.ErrorUpstream or OutcomeClass.Timeout or OutcomeClass.StreamBroken => true,
        OutcomeClass.RateLimited => status >= 500 || (isOverloaded && status != 429),
        _ => false,
    };
}
