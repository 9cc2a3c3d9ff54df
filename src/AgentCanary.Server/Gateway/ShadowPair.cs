using AgentCanary.Shadow;

namespace AgentCanary.Server.Gateway;

/// <summary>A request with the two answers to it, after they were compared. Immutable.</summary>
/// <param name="At">When they were compared, UTC.</param>
/// <param name="Assignment">Who served the user.</param>
/// <param name="Line">Method and path, without the query.</param>
/// <param name="Status">The shadow's status; null where it gave none.</param>
/// <param name="Similarity">How similar the answers are, 0 to 1.</param>
/// <param name="Verdict">What the judge said; null where it was not asked or gave none.</param>
/// <param name="Agrees">What the pair counts for in <c>shadow_agreement</c>; null where it counts for nothing.</param>
internal sealed record ShadowPair(DateTimeOffset At, Assignment Assignment, string Line, int? Status, double Similarity, JudgeVerdict? Verdict, bool? Agrees)
{
    /// <summary>Gets the canary's version.</summary>
    public required string Version { get; init; }

    public required ShadowText Request { get; init; }

    public required ShadowText Stable { get; init; }

    /// <summary>Gets the canary's answer; null where it gave none.</summary>
    public ShadowText? Canary { get; init; }

    /// <summary>Makes the same pair without what people could read.</summary>
    public ShadowPair Bare() => this with
    {
        Request = Request with { Redacted = null },
        Stable = Stable with { Redacted = null },
        Canary = Canary is null ? null : Canary with { Redacted = null },
    };
}
