using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Pins;

internal static partial class PinLog
{
    [LoggerMessage(6001, LogLevel.Warning, "The conversations of {Agent} could not be read: each goes on where its users' keys lead until its agent answers again")]
    public static partial void PinsNotRead(this ILogger logger, string agent, Exception fault);

    [LoggerMessage(6002, LogLevel.Warning, "New conversations could not be kept: a restart now would lose them; each round tries again, traffic is not concerned")]
    public static partial void PinsNotWritten(this ILogger logger, Exception fault);
}
