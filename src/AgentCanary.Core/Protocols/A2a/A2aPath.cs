namespace AgentCanary.Protocols.A2a;

/// <summary>What the path of a call over HTTP with JSON says, such as <c>/v1/tasks/ID:cancel</c>.</summary>
internal static class A2aPath
{
    private const string Tasks = "/tasks/";

    /// <summary>Tells whether only A2A has such a path. To look at a task has one that others may have too.</summary>
    public static bool IsOwn(string path) => Sends(path) || VerbIn(path) is "cancel" or "subscribe" && TaskIn(path) is not null;

    /// <summary>Tells whether a message is sent.</summary>
    public static bool Sends(string path) => path.EndsWith("/message:send", StringComparison.Ordinal) || path.EndsWith("/message:stream", StringComparison.Ordinal);

    /// <summary>Finds what stands behind the colon at the end; null where there is none.</summary>
    public static string? VerbIn(string path) =>
        path.LastIndexOf(':') is >= 0 and var colon && colon > path.LastIndexOf('/') ? path[(colon + 1)..] : null;

    /// <summary>Finds the task; null where the path names none.</summary>
    public static string? TaskIn(string path)
    {
        var at = path.LastIndexOf(Tasks, StringComparison.Ordinal);
        if (at < 0) return null;
        var id = path.AsSpan(at + Tasks.Length);
        if (id.IndexOf('/') is >= 0 and var end) id = id[..end];
        else if (VerbIn(path) is "cancel" or "subscribe") id = id[..id.LastIndexOf(':')];
        return id.IsEmpty ? null : Uri.UnescapeDataString(id.ToString());
    }
}
