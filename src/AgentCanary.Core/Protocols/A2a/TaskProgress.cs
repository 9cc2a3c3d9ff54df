namespace AgentCanary.Protocols.A2a;

/// <summary>How far a task is, for whoever waits for its outcome.</summary>
internal enum TaskProgress
{
    /// <summary>Nothing is known of a task.</summary>
    None,

    /// <summary>It goes on.</summary>
    Open,

    /// <summary>It waits for the caller.</summary>
    Paused,

    /// <summary>It has its outcome, or a message was answered without a task.</summary>
    Ended,
}
