namespace AgentCanary.Protocols.AgUi;

/// <summary>What an event tells of a run's end.</summary>
internal enum RunEvent
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>A run begins.</summary>
    Started,

    /// <summary>It has ended, as its outcome says.</summary>
    Finished,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>A part of it failed that another agent was asked for.</summary>
    SubagentFailed,
}
