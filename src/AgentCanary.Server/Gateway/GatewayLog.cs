using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>The gateway's log lines.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(3001, LogLevel.Error, "Recording an outcome of agent {Agent} failed; the request itself was served")]
    public static partial void RecordFailed(this ILogger logger, Exception exception, string agent);

    [LoggerMessage(3002, LogLevel.Error, "Routing a request of agent {Agent} failed; stable serves it, outside the analysis")]
    public static partial void RoutingFailed(this ILogger logger, Exception exception, string agent);

    [LoggerMessage(3003, LogLevel.Error, "Forwarding a request of agent {Agent} failed inside the gateway")]
    public static partial void ForwardingFailed(this ILogger logger, Exception exception, string agent);

    [LoggerMessage(3004, LogLevel.Debug, "Version {Version} of agent {Agent} is out of reach: {Reason}")]
    public static partial void OutOfReach(this ILogger logger, string version, string agent, string? reason);

    [LoggerMessage(3005, LogLevel.Error, "Reading an answer as {Protocol} failed; it was passed on unchanged, and its status judges it")]
    public static partial void ReadingFailed(this ILogger logger, Exception exception, string protocol);

    [LoggerMessage(3006, LogLevel.Error, "A conversation of agent {Agent} could not be learned; the answer was passed on unchanged")]
    public static partial void LearningFailed(this ILogger logger, Exception exception, string agent);

    [LoggerMessage(3007, LogLevel.Error, "A request of agent {Agent} could not be kept for the shadow; the user's answer is not touched by it")]
    public static partial void ShadowNotKept(this ILogger logger, Exception exception, string agent);

    [LoggerMessage(3008, LogLevel.Debug, "Version {Version} of agent {Agent} failed before its answer had content; stable is sent the request")]
    public static partial void FailedEarly(this ILogger logger, string version, string agent);

    [LoggerMessage(3009, LogLevel.Warning, "The judge of agent {Agent} gave no verdict, {Times} times so far, and such pairs count for nothing: {Reason}")]
    public static partial void JudgeFailed(this ILogger logger, string agent, long times, string reason);

    [LoggerMessage(3010, LogLevel.Warning, "The judge of agent {Agent} said different things in the two orders for {Split} of {Judged} pairs: it looks at places, or the answers are alike. Such pairs agree; read some of them (agentcanary shadow) before you believe the figure")]
    public static partial void JudgeSplits(this ILogger logger, string agent, long split, long judged);
}
