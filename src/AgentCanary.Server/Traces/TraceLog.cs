using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Traces;

/// <summary>The recorder's log lines.</summary>
internal static partial class TraceLog
{
    [LoggerMessage(3201, LogLevel.Error, "Recording to {Path} has stopped for good, and requests are served as before: {Fault}")]
    public static partial void GaveUp(this ILogger logger, string fault, string path);

    [LoggerMessage(3202, LogLevel.Information, "Recorded {Recorded} outcomes to {Path}; {Dropped} were dropped")]
    public static partial void Stopped(this ILogger logger, long recorded, string path, long dropped);
}
