using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Health;

/// <summary>The prober's log lines: changes, not every probe.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(3101, LogLevel.Information, "Version {Version} of agent {Agent} answers its probe")]
    public static partial void Well(this ILogger logger, string version, string agent);

    [LoggerMessage(3102, LogLevel.Warning, "Version {Version} of agent {Agent} fails its probe: {Fault}")]
    public static partial void Failed(this ILogger logger, string version, string agent, string fault);

    [LoggerMessage(3103, LogLevel.Warning, "Version {Version} of agent {Agent} is unhealthy after {Failures} failed probes in a row: {Fault}")]
    public static partial void Unhealthy(this ILogger logger, string version, string agent, int failures, string fault);
}
