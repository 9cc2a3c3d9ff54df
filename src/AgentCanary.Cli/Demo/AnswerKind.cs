namespace AgentCanary.Cli.Demo;

/// <summary>What an answer was to the user who read it.</summary>
internal enum AnswerKind
{
    /// <summary>No whole answer: an error status, a broken connection or a stream without its end.</summary>
    Failed,

    /// <summary>The gateway took the version away while it was at work, as a rollback for safety does.</summary>
    Withdrawn,

    /// <summary>A safety rule withheld it.</summary>
    Withheld,

    /// <summary>The model declined.</summary>
    Refused,

    /// <summary>Words that send the user elsewhere.</summary>
    Evasive,

    /// <summary>What the user asked for.</summary>
    Helpful,
}
