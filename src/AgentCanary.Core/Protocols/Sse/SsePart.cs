namespace AgentCanary.Protocols.Sse;

/// <summary>What an <see cref="SseFramer"/> found.</summary>
internal enum SsePart
{
    /// <summary>Nothing more in these bytes.</summary>
    None,

    /// <summary>More of the present event's data.</summary>
    Text,

    /// <summary>The end of an event that had data.</summary>
    End,
}
