using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Reports;

internal static partial class ReportLog
{
    [LoggerMessage(7001, LogLevel.Warning, "Which reports came could not be kept: after a restart one that is sent again would count twice; each round tries again")]
    public static partial void ReportsNotWritten(this ILogger logger, Exception fault);
}
