namespace AgentCanary.Protocols;

/// <summary>What an answer says before its body.</summary>
/// <param name="Status">The HTTP status, 100 to 599.</param>
/// <param name="Headers">The answer's header fields, those of its content included.</param>
public readonly record struct AnswerHead(int Status, IHeaderFields Headers)
{
    /// <summary>Gets whether the body is a stream of server-sent events.</summary>
    internal bool IsEventStream => MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets whether the body is JSON.</summary>
    internal bool IsJson => MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || MediaType.EndsWith("+json", StringComparison.OrdinalIgnoreCase);

    /// <summary>Gets how the body is compressed, such as <c>gzip</c>; null where it is not.</summary>
    internal string? Coding => Headers.Find("content-encoding") is { Length: > 0 } coding && !coding.Equals("identity", StringComparison.OrdinalIgnoreCase) ? coding : null;

    /// <summary>Gets whether an answer of a protocol stands in the body: a 2xx, but for those that only acknowledge.</summary>
    internal bool HasAnswer => Status is >= 200 and < 300 and not (202 or 204 or 205);

    private ReadOnlySpan<char> MediaType
    {
        get
        {
            var type = Headers.Find("content-type").AsSpan();
            return (type.IndexOf(';') is >= 0 and var end ? type[..end] : type).Trim();
        }
    }
}
