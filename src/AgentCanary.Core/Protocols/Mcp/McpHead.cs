namespace AgentCanary.Protocols.Mcp;

/// <summary>What the head of an MCP call says. The revision of 2026-07-28 took the session out and put the method into a header field.</summary>
internal readonly struct McpHead(in CallHead call)
{
    public const string SessionField = "mcp-session-id";

    private readonly CallHead _call = call;

    /// <summary>Gets the method as the header says it, or null.</summary>
    public string? Method => _call.Headers.Find("mcp-method");

    /// <summary>Gets whether the call speaks 2026-07-28 or later: revisions are dates, and drafts begin with a letter.</summary>
    public bool IsModern => Version is { } version ? string.CompareOrdinal(version, "2026-07-28") >= 0 : Method is not null;

    /// <summary>Gets the session; null where the revision has none.</summary>
    public string? Session => !IsModern && _call.Headers.Find(SessionField) is { Length: > 0 } session ? session : null;

    /// <summary>Gets the task that a method of the tasks extension names in the header, or null. One that is encoded stands in the body too.</summary>
    public string? Task => Method?.StartsWith("tasks/", StringComparison.Ordinal) == true && _call.Headers.Find("mcp-name") is { } name
        && !name.StartsWith("=?", StringComparison.Ordinal) ? name : null;

    /// <summary>Gets whether the caller asks for nothing but to be told what changes, for as long as it likes.</summary>
    public bool Listens => _call.Method == "GET" || Method == "subscriptions/listen";

    /// <summary>Gets whether a header field stands there that only MCP has.</summary>
    public bool HasOwnField => Version is not null || Method is not null || _call.Headers.Find(SessionField) is not null;

    private string? Version => _call.Headers.Find("mcp-protocol-version");
}
