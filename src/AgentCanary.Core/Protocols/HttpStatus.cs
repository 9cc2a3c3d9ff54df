namespace AgentCanary.Protocols;

/// <summary>What an HTTP status means by itself.</summary>
public static class HttpStatus
{
    /// <summary>Reads a status: up to 3xx are answers, 4xx the caller's mistake, 429 and 529 a quota, 5xx the agent's failure.</summary>
    public static OutcomeClass ClassOf(int status) => status switch
    {
        429 or 529 => OutcomeClass.RateLimited,
        >= 500 => OutcomeClass.ErrorUpstream,
        >= 400 => OutcomeClass.ErrorClient,
        _ => OutcomeClass.Ok,
    };
}
