using Microsoft.Extensions.Logging;

namespace AgentCanary;

internal static partial class DeploymentLog
{
    [LoggerMessage(1001, LogLevel.Warning, "An outcome of agent '{Agent}', version '{Version}' was refused: the version is unknown, or a figure is negative or not finite. "
        + "Later ones are only counted, in Status.Refused.")]
    public static partial void OutcomeRefused(this ILogger logger, string agent, string version);

    [LoggerMessage(1002, LogLevel.Information, "Agent '{Agent}' is now {Phase} at stage {Stage}, {Weight}: {Reason}")]
    public static partial void Changed(this ILogger logger, string agent, Phase phase, int stage, Weight weight, string reason);

    [LoggerMessage(1005, LogLevel.Warning, "Agent '{Agent}': {Reason}")]
    public static partial void ModelChanged(this ILogger logger, string agent, string reason);

    [LoggerMessage(1003, LogLevel.Error, "The evaluation of agent '{Agent}' failed; the next one is in {Period}")]
    public static partial void EvaluationFailed(this ILogger logger, Exception exception, string agent, TimeSpan period);

    [LoggerMessage(1004, LogLevel.Warning, "The evidence of agent '{Agent}' that the store has cannot be read: the stage begins anew")]
    public static partial void EvidenceUnreadable(this ILogger logger, Exception exception, string agent);
}
