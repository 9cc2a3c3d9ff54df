using AgentCanary.Server.Gateway;
using AgentCanary.Shadow;

namespace AgentCanary.Server.Api;

/// <summary>A request and the two answers to it as JSON, after they were compared.</summary>
/// <param name="At">When they were compared, UTC.</param>
/// <param name="Version">The canary's version.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Stage">The stage, from 0.</param>
/// <param name="Line">Method and path.</param>
/// <param name="Status">The shadow's status; null where it gave no answer.</param>
/// <param name="Similarity">How similar the answers are, 0 to 1.</param>
/// <param name="Judge">What the judge said in both orders, <c>stable</c>, <c>canary</c>, <c>tie</c> or <c>split</c>; null where it was not asked or gave no answer.</param>
/// <param name="Agrees">What the pair counts for; null where it counts for nothing.</param>
/// <param name="Request">The request.</param>
/// <param name="Stable">Stable's answer.</param>
/// <param name="Canary">The canary's answer; null where it gave none.</param>
public sealed record PairView(
    DateTime At, string Version, int Attempt, int Stage, string Line, int? Status, double Similarity, string? Judge, bool? Agrees, PairTextView Request, PairTextView Stable, PairTextView? Canary)
{
    internal static PairView Of(ShadowPair pair) => new(
        pair.At.UtcDateTime, pair.Version, pair.Assignment.Attempt, pair.Assignment.Stage, pair.Line, pair.Status, Math.Round(pair.Similarity, 4), NameOf(pair.Verdict), pair.Agrees,
        PairTextView.Of(pair.Request), PairTextView.Of(pair.Stable), pair.Canary is { } canary ? PairTextView.Of(canary) : null);

    /// <summary>Gets the name of a verdict.</summary>
    internal static string? NameOf(JudgeVerdict? verdict) => verdict switch
    {
        JudgeVerdict.Stable => "stable",
        JudgeVerdict.Canary => "canary",
        JudgeVerdict.Tie => "tie",
        JudgeVerdict.Split => "split",
        _ => null,
    };
}
