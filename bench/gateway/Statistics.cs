namespace AgentCanary.GatewayBench;

/// <summary>Medians, for nobody has this machine for himself.</summary>
internal static class Statistics
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>Gets the median of the ratios of neighbours: what both had to bear cancels out.</summary>
    public static double Ratio(IEnumerable<double> values, IEnumerable<double> others) => Median(values.Zip(others, (value, other) => value / other));
}
