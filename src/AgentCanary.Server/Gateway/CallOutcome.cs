using AgentCanary.Protocols;

namespace AgentCanary.Server.Gateway;

/// <summary>How a call is judged from what the gateway saw and what the agent said.</summary>
internal static class CallOutcome
{
    /// <summary>
    /// Joins what was seen with what was said. A safety violation always stands. What broke on the wire cannot be talked away,
    /// nor can a 5xx be called an answer; any other word of the agent is finer than a status and replaces it.
    /// </summary>
    /// <param name="seen">The class by transport, status or protocol.</param>
    /// <param name="brokeOnWire">Whether the transport, the clock or the caller ended the call, not the agent.</param>
    /// <param name="said">The agent's own word, or null.</param>
    public static OutcomeClass Join(OutcomeClass seen, bool brokeOnWire, OutcomeClass? said) => said switch
    {
        null => seen,
        OutcomeClass.Safety => OutcomeClass.Safety,
        _ when brokeOnWire || seen is OutcomeClass.Safety => seen,
        OutcomeClass.Ok when seen is OutcomeClass.ErrorUpstream => seen,
        { } word => word,
    };

    /// <summary>Tells whether a class says that the transport, the clock or the caller ended the call.</summary>
    public static bool IsBreak(OutcomeClass outcome) =>
        outcome is OutcomeClass.StreamBroken or OutcomeClass.Timeout or OutcomeClass.CanceledByClient or OutcomeClass.Abandoned;

    /// <summary>Tells how the bytes of an answer ended.</summary>
    /// <returns>Null where what ended the call has nothing to do with the answer.</returns>
    public static AnswerEnd? EndOf(OutcomeClass seen, bool brokeOnWire) => seen switch
    {
        _ when !brokeOnWire => AnswerEnd.Complete,
        OutcomeClass.StreamBroken => AnswerEnd.Broken,
        OutcomeClass.Timeout => AnswerEnd.TimedOut,
        OutcomeClass.CanceledByClient => AnswerEnd.CallerLeft,
        _ => null,
    };
}
