namespace AgentCanary.Protocols;

/// <summary>How the bytes of an answer ended, as whoever carries them saw it.</summary>
public enum AnswerEnd
{
    /// <summary>In good order. What the protocol wants to see at the end may still be missing.</summary>
    Complete,

    /// <summary>The agent's connection broke.</summary>
    Broken,

    /// <summary>A deadline passed.</summary>
    TimedOut,

    /// <summary>The caller went away first.</summary>
    CallerLeft,
}
