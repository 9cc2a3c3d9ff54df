using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What a whole rollout tests, and how sure it must be. Immutable and thread-safe.</summary>
/// <param name="Checks">Every check of every stage once, in the order of their appearance.</param>
/// <param name="Alpha">The highest probability of a false rollback over the whole rollout.</param>
/// <param name="Beta">The highest probability of a false promotion.</param>
public sealed record SequentialTerms(ImmutableArray<CheckTerms> Checks, double Alpha, double Beta)
{
    /// <summary>Gets what must be frozen of stable before some tests can begin.</summary>
    internal ImmutableArray<CalibrationTerms> Calibrations { get; } =
    [
        .. Measures(Checks).Where(measure => !measure.Quantiles.IsEmpty)
            .GroupBy(measure => measure.Quantity!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new CalibrationTerms(group.Key, [.. group.SelectMany(measure => measure.Quantiles).Distinct().Order()])),
    ];

    /// <summary>Gets each check's share of the capital that a rollback is decided by.</summary>
    internal ImmutableArray<double> Shares { get; } = [.. Checks.Select(check => check.Share)];

    /// <summary>Gets the names of the scores whose means are compared, each less what is expected of its key.</summary>
    internal ImmutableArray<string> Adjusted { get; } = [.. Checks.Where(check => check.IsMean && check.Check.Compares).Select(check => check.Check.Metric.ScoreName).OfType<string>().Distinct()];

    /// <summary>Makes the terms of a rollout: one process for each check over all stages, so that evidence is carried through them.</summary>
    /// <param name="checks">The checks of all stages.</param>
    /// <param name="alpha">The highest probability of a false rollback.</param>
    /// <param name="beta">The highest probability of a false promotion.</param>
    /// <param name="margin">The margin of every promotion, or null for the automatic ones.</param>
    public static SequentialTerms Of(IEnumerable<Check> checks, double alpha, double beta, double? margin)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var all = checks.DistinctBy(check => check.Text).ToList();
        return new(Weights.Shared([.. all.Select(check => CheckTerms.Of(check, margin, all)).OfType<CheckTerms>()]), alpha, beta);
    }

    /// <summary>Adds the tests that tell how many times stable's rate the canary's is, once for the checks of the same answers.</summary>
    internal SequentialTerms WithRatios() => new(
        [.. Checks.Select((terms, i) => terms.Check.Metric.IsRate && RatioOf(i) == i ? terms with { Ratio = RatioTest.Of(terms.Tracks[0].Measure) } : terms)], Alpha, Beta);

    /// <summary>Gets which check's ratio is that of a check: the first of the same answers.</summary>
    internal int RatioOf(int check)
    {
        for (var i = 0; i < check; i++)
        {
            if (Checks[i].Tracks[0].Measure == Checks[check].Tracks[0].Measure) return i;
        }
        return check;
    }

    /// <summary>Finds the terms of a check, or null where it is not tested in sequence.</summary>
    public int IndexOf(Check check)
    {
        ArgumentNullException.ThrowIfNull(check);
        for (var i = 0; i < Checks.Length; i++)
        {
            if (Checks[i].Check.Text == check.Text) return i;
        }
        return -1;
    }

    /// <summary>Says what ticks must count by bins, as far as the cuts are known.</summary>
    internal BinPlan Plan(FrozenCuts frozen) => new(
    [
        .. Measures(Checks).Where(measure => measure.Quantity is not null)
            .GroupBy(measure => measure.Quantity!, StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, Bins.Of(group.SelectMany(measure => measure.Cuts(frozen, Arm.Control, false) ?? []).Concat(Open(group.Key, frozen))), Bins.Of(group.SelectMany(
                measure => measure.Cuts(frozen, Arm.Canary, false) is { } cuts ? [.. cuts, .. measure.Cuts(frozen, Arm.Canary, true)!] : Array.Empty<long>())))),
    ]);

    private static IEnumerable<Measure> Measures(ImmutableArray<CheckTerms> checks) => checks.SelectMany(check => check.Tracks).Select(track => track.Measure);

    // Until all quantiles are frozen stable's values are gathered; from then on failures are told from slow answers, by which stable is watched.
    private long[] Open(string quantity, FrozenCuts frozen)
    {
        for (var i = 0; i < Calibrations.Length; i++)
        {
            if (Calibrations[i].Quantity == quantity) return frozen.Calibrations[i].IsDone ? [Calibrations[i].Ladder.Cuts[^1]] : [.. Calibrations[i].Ladder.Cuts];
        }
        return [];
    }
}
