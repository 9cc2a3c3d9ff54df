using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Api;

/// <summary>The log lines of the admin API.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(4001, LogLevel.Error, "{Method} {Path} failed unexpectedly")]
    public static partial void Failed(this ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(4002, LogLevel.Warning, "{Method} {Path} could not be answered: the store is unavailable")]
    public static partial void StoreFailed(this ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(4003, LogLevel.Information, "{Count} redacted pairs of requests and answers of agent {Agent} were read by {Caller}")]
    public static partial void PairsRead(this ILogger logger, int count, string agent, string caller);
}
