using AgentCanary.Server.Api;

namespace AgentCanary.Cli.Client;

/// <summary>The server answered with a problem.</summary>
/// <param name="problem">The problem.</param>
internal sealed class ApiProblemException(Problem problem) : Exception($"{problem.Title}: {problem.Detail}")
{
    /// <summary>Gets the problem.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>Gets what the command's exit code says of it.</summary>
    public int Code => Problem.Status switch
    {
        400 when Problem.Faults is not null => ExitCode.Usage,
        401 or 403 or 409 or 421 => ExitCode.Refused,
        _ => ExitCode.Failed,
    };
}
