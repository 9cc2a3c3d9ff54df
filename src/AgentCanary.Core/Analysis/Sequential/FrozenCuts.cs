using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>The frozen quantiles of stable, to be asked by quantity.</summary>
internal readonly record struct FrozenCuts(ImmutableArray<CalibrationTerms> Terms, ImmutableArray<Calibration> Calibrations)
{
    /// <summary>Finds a frozen quantile, or null while it is open.</summary>
    public long? Find(string quantity, double quantile)
    {
        for (var i = 0; i < Terms.Length; i++)
        {
            if (Terms[i].Quantity == quantity) return Calibrations[i].Frozen[Terms[i].Quantiles.IndexOf(quantile)] is > 0 and var cut ? cut : null;
        }
        return null;
    }
}
