namespace AgentCanary.Protocols;

/// <summary>What an answer says before its body.</summary>
/// <param name="Status">The HTTP status, 100 to 599.</param>
/// <param name="Headers">The answer's header fields, those of its content included.</param>
public readonly record struct AnswerHead(int Status, IHeaderFields Headers)
{
    /// <summary>Gets the media type in lower case without its parameters; empty where there is none.</summary>
    internal string MediaType => (Headers.Find("content-type") ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>Gets whether the body is a stream of server-sent events.</summary>
    internal bool IsEventStream => MediaType == "text/event-stream";

    /// <summary>Gets whether the body is JSON.</summary>
    internal bool IsJson => MediaType is "application/json" || MediaType.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>Gets whether the body is compressed, so that nothing in it can be read as it passes.</summary>
    internal bool IsEncoded => Headers.Find("content-encoding") is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether an answer of a protocol stands in the body: a 2xx, but for those that only acknowledge.</summary>
    internal bool HasAnswer => Status is >= 200 and < 300 and not (202 or 204 or 205);
}
