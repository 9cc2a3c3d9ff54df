using Microsoft.Extensions.Logging;

namespace AgentCanary.Chat;

internal static partial class ChatLog
{
    [LoggerMessage(1201, LogLevel.Warning, "A chat call of agent '{Agent}' had no sticky key, and a random draw chose its version. "
        + "Give ChatOptions.WithStickyKey(user), or begin a CanaryScope. Later ones are only counted, in UnkeyedCalls.")]
    public static partial void CallWithoutKey(this ILogger logger, string agent);

    [LoggerMessage(1202, LogLevel.Warning, "A chat call of agent '{Agent}' could not be read for the comparison. Its caller sees nothing of it; later ones are not told.")]
    public static partial void CallUnreadable(this ILogger logger, Exception exception, string agent);
}
