namespace AgentCanary;

/// <summary>How a call ended. <see cref="Ok"/> is what an unnamed class means.</summary>
public enum OutcomeClass
{
    /// <summary>Finished as it should.</summary>
    Ok,

    /// <summary>Paused for the user's input; not counted.</summary>
    InputRequired,

    /// <summary>The agent failed: a 5xx, a transport error or the protocol's own failure.</summary>
    ErrorUpstream,

    /// <summary>The caller's own mistake, a 4xx; not counted.</summary>
    ErrorClient,

    /// <summary>A shared quota refused the call, 429 or 529; not counted.</summary>
    RateLimited,

    /// <summary>The model declined. An answer, with a rate of its own.</summary>
    Refusal,

    /// <summary>A safety violation: a failure, and zero tolerance where a check says so.</summary>
    Safety,

    /// <summary>A token or context limit cut the answer. An answer, with a rate of its own.</summary>
    Truncated,

    /// <summary>A tool call failed inside an otherwise good answer. An answer, with a rate of its own.</summary>
    ToolError,

    /// <summary>The stream ended without its terminal event.</summary>
    StreamBroken,

    /// <summary>The deadline passed.</summary>
    Timeout,

    /// <summary>The client cancelled; not counted.</summary>
    CanceledByClient,

    /// <summary>The client stopped reading; not counted.</summary>
    Abandoned,
}
