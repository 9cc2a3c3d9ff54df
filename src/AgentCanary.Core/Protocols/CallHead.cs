namespace AgentCanary.Protocols;

/// <summary>What a request says before its body.</summary>
/// <param name="Method">The method, in upper case, such as <c>POST</c>.</param>
/// <param name="Path">The path as the agent gets it, without the query.</param>
/// <param name="Headers">The request's header fields.</param>
public readonly record struct CallHead(string Method, string Path, IHeaderFields Headers)
{
    /// <summary>Gets whether this is a POST of JSON.</summary>
    internal bool IsJsonPost => Method == "POST" && Headers.Find("content-type")?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Tells whether this is a POST to a path that ends so. A slash at the end of the path does not count.</summary>
    internal bool IsPostTo(string ending) =>
        Method == "POST" && Path.AsSpan().TrimEnd('/').EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
