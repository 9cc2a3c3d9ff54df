namespace AgentCanary.Server.Reports;

/// <summary>What is reported.</summary>
public enum ReportKind
{
    /// <summary>How a request ended.</summary>
    Outcome,

    /// <summary>How good its answer was.</summary>
    Score,
}
