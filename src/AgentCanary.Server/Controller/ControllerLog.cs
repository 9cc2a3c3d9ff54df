using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Controller;

internal static partial class ControllerLog
{
    [LoggerMessage(2001, LogLevel.Information, "Rollout of {Agent} is now {Phase} at stage {Stage}, {Weight}: {Reason}")]
    public static partial void Changed(this ILogger logger, string agent, Phase phase, int stage, Weight weight, string reason);

    [LoggerMessage(2006, LogLevel.Warning, "Rollout of {Agent}: {Reason}")]
    public static partial void ModelChanged(this ILogger logger, string agent, string reason);

    [LoggerMessage(2002, LogLevel.Error, "What ended the canary of {Agent} is served and not yet durable; each tick tries again")]
    public static partial void NotStored(this ILogger logger, string agent, Exception fault);

    [LoggerMessage(2003, LogLevel.Error, "The tick of {Agent} failed; other rollouts go on, and so does the traffic")]
    public static partial void TickFailed(this ILogger logger, string agent, Exception fault);

    [LoggerMessage(2004, LogLevel.Warning, "The evidence of this tick could not be kept: a restart now would lose it, decisions are not concerned")]
    public static partial void EvidenceNotStored(this ILogger logger, Exception fault);

    [LoggerMessage(2007, LogLevel.Warning, "The rollout file of {Agent} may not do what was meant: {Warning}")]
    public static partial void Warned(this ILogger logger, string agent, string warning);

    [LoggerMessage(2005, LogLevel.Warning, "The evidence of {Agent} cannot be read and starts anew")]
    public static partial void EvidenceUnreadable(this ILogger logger, string agent, Exception fault);
}
