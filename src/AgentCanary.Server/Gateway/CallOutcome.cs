namespace AgentCanary.Server.Gateway;

/// <summary>How a call is judged from what the gateway saw and what the agent said.</summary>
internal static class CallOutcome
{
    /// <summary>Reads a status: 2xx and 3xx are answers, 4xx the caller's mistake, 429 and 529 a quota, 5xx the agent's failure.</summary>
    public static OutcomeClass OfStatus(int status) => status switch
    {
        429 or 529 => OutcomeClass.RateLimited,
        >= 500 => OutcomeClass.ErrorUpstream,
        >= 400 => OutcomeClass.ErrorClient,
        _ => OutcomeClass.Ok,
    };

    /// <summary>
    /// Joins what was seen with what was said. A safety violation always stands. What broke on the wire cannot be talked away,
    /// nor can a 5xx be called an answer; any other word of the agent is finer than a status and replaces it.
    /// </summary>
    /// <param name="seen">The class by status or transport.</param>
    /// <param name="brokeOnWire">Whether the transport, the clock or the caller ended the call, not the agent.</param>
    /// <param name="said">The agent's own word, or null.</param>
    public static OutcomeClass Join(OutcomeClass seen, bool brokeOnWire, OutcomeClass? said) => said switch
    {
        null => seen,
        OutcomeClass.Safety => OutcomeClass.Safety,
        _ when brokeOnWire => seen,
        OutcomeClass.Ok when seen is OutcomeClass.ErrorUpstream => seen,
        { } word => word,
    };
}
