using System.Collections.Immutable;

namespace AgentCanary.Server.Reports;

/// <summary>What somebody tells of a request after its answer. Immutable and thread-safe.</summary>
/// <param name="Kind">What is reported.</param>
/// <param name="Id">What makes the report the same when it is sent again, at most 256 characters; where its sender gave none, what it says.</param>
/// <param name="Key">The request.</param>
public sealed record Report(ReportKind Kind, string Id, JoinKey Key)
{
    /// <summary>Gets how many safety violations were found, 0 to 1,000.</summary>
    public int Violations { get; init; }

    /// <summary>Gets how the request ended; null of a score, and where the gateway may have seen it itself.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Gets the scores, each within ±10,000.</summary>
    public ImmutableArray<Score> Scores { get; init; } = [];
}
