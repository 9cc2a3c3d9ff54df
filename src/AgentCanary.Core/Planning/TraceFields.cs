namespace AgentCanary.Planning;

/// <summary>The fields of a trace's line, as a set.</summary>
[Flags]
internal enum TraceFields
{
    None = 0,
    At = 1,
    Arm = 2,
    Key = 4,
    Class = 8,
    Latency = 16,
    FirstContent = 32,
    Tokens = 64,
    Cost = 128,
    Safety = 256,
    Scores = 512,
    Agent = 1024,
    Model = 2048,
}
