using Microsoft.Extensions.Logging;

namespace AgentCanary;

internal static partial class ShadowLog
{
    [LoggerMessage(1101, LogLevel.Warning, "A shadow call failed. Users see nothing of it; later failures are only counted.")]
    public static partial void ShadowFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "A shadow call did not answer within {Timeout}. Users see nothing of it; later ones are only counted.")]
    public static partial void ShadowTimedOut(this ILogger logger, TimeSpan timeout);

    [LoggerMessage(1103, LogLevel.Warning, "A call was not shown to the shadow: {Capacity} calls waited already, or the deployment was disposed. Later ones are only counted.")]
    public static partial void ShadowDropped(this ILogger logger, int capacity);

    [LoggerMessage(1106, LogLevel.Warning, "The shadow is sent nothing until {Until:u}: {Why}. More traffic does not help until then. Later stops are only counted.")]
    public static partial void ShadowStopped(this ILogger logger, DateTimeOffset until, string why);

    [LoggerMessage(1104, LogLevel.Warning, "Comparing the answers of stable and shadow failed. Later failures are only counted.")]
    public static partial void CompareFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1105, LogLevel.Warning, "The updates of a streamed answer could not be joined, so the call was not shown to the shadow. Users see nothing of it.")]
    public static partial void AnswerNotJoined(this ILogger logger, Exception exception);

    [LoggerMessage(1107, LogLevel.Warning, "A judge gave no verdict, or who was told it failed. Users see nothing of it.")]
    public static partial void JudgeFailed(this ILogger logger, Exception exception);
}
