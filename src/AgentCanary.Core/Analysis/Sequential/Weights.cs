using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// The shares of the capital that a rollback is decided by: errors 0.4; task completion, other rates, scores, tokens, cost and mean latency 0.2; the share of slow answers 0.1; the whole
/// latency 0.1. What a file has none of is left out and the rest made 1 in sum, so that the mean of the e-values stays one; several tests of a group share equally. (Raw safety flags would have 0.2;
/// violations are a rule and not a test.)
/// </summary>
internal static class Weights
{
    private enum Group
    {
        Errors,
        Completion,
        Slow,
        Shape,
    }

    /// <summary>Gives every track of the checks that may roll back its share.</summary>
    public static ImmutableArray<CheckTerms> Shared(ImmutableArray<CheckTerms> checks)
    {
        var counts = new int[Enum.GetValues<Group>().Length];
        foreach (var check in checks.Where(CanRollBack))
        {
            foreach (var track in check.Tracks.Where(track => !track.IsBeside)) counts[(int)Of(check, track)]++;
        }
        var total = Enum.GetValues<Group>().Sum(group => counts[(int)group] == 0 ? 0 : Of(group));
        return [.. checks.Select(check => !CanRollBack(check) ? check
            : check with { Tracks = [.. check.Tracks.Select(track => track.IsBeside ? track : track with { Share = Of(Of(check, track)) / total / counts[(int)Of(check, track)] })] })];
    }

    private static bool CanRollBack(CheckTerms terms) => terms.Check.OnFail is OnFail.RollBack;

    private static Group Of(CheckTerms check, TrackTerms track) => (check.Check.Metric, track.Rollback) switch
    {
        ({ Kind: MetricKind.ErrorRate or MetricKind.SuccessRate }, _) => Group.Errors,
        (_, ShapeTerms) => Group.Shape,
        ({ Quantile: > 0 }, _) => Group.Slow,
        _ => Group.Completion,
    };

    private static double Of(Group group) => group switch { Group.Errors => 0.4, Group.Completion => 0.2, _ => 0.1 };
}
