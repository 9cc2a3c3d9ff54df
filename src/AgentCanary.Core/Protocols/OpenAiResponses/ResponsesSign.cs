namespace AgentCanary.Protocols.OpenAiResponses;

/// <summary>What an event's type or a response's status tells.</summary>
internal enum ResponsesSign
{
    /// <summary>Nothing of how the call ends.</summary>
    None,

    /// <summary>The response is whole.</summary>
    Completed,

    /// <summary>The response was cut off.</summary>
    Incomplete,

    /// <summary>There is no response: an error stands in its place.</summary>
    Failed,

    /// <summary>The caller cancelled it.</summary>
    Cancelled,

    /// <summary>It goes on in the background.</summary>
    Open,

    /// <summary>The model declines.</summary>
    Refusal,

    /// <summary>A tool failed.</summary>
    ToolFailure,
}
