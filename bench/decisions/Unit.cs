namespace AgentCanary.Decisions;

/// <summary>What a figure counts.</summary>
internal enum Unit
{
    Share,
    Ratio,
    Requests,
    Minutes,
    Microseconds,
    Bytes,
}
