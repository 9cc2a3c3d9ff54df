namespace AgentCanary.Cli;

/// <summary>What the command says to the shell that called it.</summary>
internal static class ExitCode
{
    /// <summary>It did its work.</summary>
    public const int Done = 0;

    /// <summary>It failed, or what it waited for ended badly.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a file is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The server cannot be reached.</summary>
    public const int Unreachable = 3;

    /// <summary>The server refused: a conflict, or no permission.</summary>
    public const int Refused = 4;

    /// <summary>The time to wait ran out.</summary>
    public const int TimedOut = 5;
}
