using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>Which of stable's quantiles the tests of one quantity are cut at. Immutable and thread-safe.</summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="Quantiles">The quantiles, rising.</param>
internal sealed record CalibrationTerms(string Quantity, ImmutableArray<double> Quantiles)
{
    /// <summary>Gets the bins in which stable's values are gathered.</summary>
    public Bins Ladder { get; } = Metrics.Quantity.Ladder(Quantity);

    /// <summary>Gets after how many values the frozen quantiles are looked at again: forty beyond the highest, and 1,000 at least.</summary>
    public long Watched => Math.Max(1_000, (long)Math.Round(40 / (1 - Quantiles[^1])));

    /// <summary>Gets from how many values on a quantile holds still enough to be frozen: ten beyond it, and 200 at least.</summary>
    public static long Needed(double quantile) => Math.Min(1_000, Math.Max(200, (long)Math.Round(10 / (1 - quantile))));
}
