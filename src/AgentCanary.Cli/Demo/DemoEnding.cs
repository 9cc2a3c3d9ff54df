namespace AgentCanary.Cli.Demo;

/// <summary>How a scenario ought to end.</summary>
internal enum DemoEnding
{
    /// <summary>The new version serves everybody.</summary>
    Completes,

    /// <summary>The stable version serves everybody again.</summary>
    RollsBack,

    /// <summary>Neither: the evidence speaks of both versions.</summary>
    Holds,
}
