namespace AgentCanary.Server.Gateway;

/// <summary>Why a request is not served, as its caller and the counters see it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">The short name, in <c>snake_case</c>.</param>
/// <param name="Detail">The sentence for the caller: the thing, the rule and the next step.</param>
/// <param name="Closes">Whether the connection is closed, because its next bytes cannot be trusted.</param>
internal sealed record Refusal(int Status, string Reason, string Detail, bool Closes = false)
{
    public static Refusal UnknownAgent { get; } = new(404, "unknown_agent",
        "No agent answers at this host and path. With several agents, use the host of its rollout file or the path prefix /agents/NAME/.");

    public static Refusal BodyTooLarge { get; } = new(413, "body_too_large", "The request body is larger than this gateway takes. Send less.", Closes: true);

    public static Refusal Unreachable { get; } = new(502, "agent_unreachable",
        "No connection to the agent could be made, and no other version answered for it. Nothing was sent; try again.");

    public static Refusal AgentFailed { get; } = new(502, "agent_failed",
        "The agent broke the connection, or answered with something that is not HTTP, before its response began.");

    public static Refusal TimedOut { get; } = new(504, "agent_timeout", "The agent did not begin its response in time. It may still be at work on the request.");

    public static Refusal Cut { get; } = new(503, "version_withdrawn",
        "The version that was at work on the request was rolled back and taken out of service. It may have done a part of it; another version serves from now on.");

    public static Refusal Internal { get; } = new(500, "gateway_fault", "The gateway failed to forward the request. The fault is in its log.");

    /// <summary>A request that breaks the rules of HTTP, or is read differently by different programs.</summary>
    public static Refusal Malformed(string reason, string detail) => new(400, reason, detail, Closes: true);

    /// <summary>A request that the web server itself refused while its body was read.</summary>
    public static Refusal BadBody(int status) => status == 413 ? BodyTooLarge
        : new(status is >= 400 and < 500 ? status : 400, "bad_body", "The request body does not follow the rules of HTTP, or came too slowly.", Closes: true);
}
