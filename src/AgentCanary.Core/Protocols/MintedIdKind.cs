namespace AgentCanary.Protocols;

/// <summary>What an id that an agent made stands for. The numbers are part of what is stored: a new kind is added at the end.</summary>
public enum MintedIdKind
{
    /// <summary>One answer that later requests may go on from, such as <c>resp_…</c>.</summary>
    Response,

    /// <summary>A conversation, such as <c>conv_…</c> or an A2A context.</summary>
    Conversation,

    /// <summary>A task that may outlive its call.</summary>
    Task,

    /// <summary>A session, such as <c>Mcp-Session-Id</c>.</summary>
    Session,

    /// <summary>State that the caller hands back, such as a container or MCP's <c>requestState</c>.</summary>
    State,

    /// <summary>One answer that no later request names, such as <c>chatcmpl-…</c> or <c>msg_…</c>: scores do.</summary>
    Answer,
}
