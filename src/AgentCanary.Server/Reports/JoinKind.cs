namespace AgentCanary.Server.Reports;

/// <summary>What kind of id names the request that a report is about.</summary>
public enum JoinKind
{
    /// <summary>A decision id, which holds all that is needed.</summary>
    Decision,

    /// <summary>The id that the agent gave its answer.</summary>
    Response,

    /// <summary>The id of a conversation.</summary>
    Conversation,

    /// <summary>The id of a task.</summary>
    Task,

    /// <summary>The id of a trace.</summary>
    Trace,
}
