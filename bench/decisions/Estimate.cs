namespace AgentCanary.Decisions;

/// <summary>A figure and its standard error.</summary>
internal readonly record struct Estimate(double Value, double Error)
{
    /// <summary>The share of runs in which something happened. One success and one failure are added for the error alone, so that "never" has one too.</summary>
    public static Estimate Share(long happened, long runs)
    {
        var padded = (happened + 1.0) / (runs + 2);
        return new(happened / (double)runs, Math.Sqrt(padded * (1 - padded) / runs));
    }

    /// <summary>The mean.</summary>
    public static Estimate Mean(IReadOnlyCollection<double> values)
    {
        var mean = values.Average();
        return new(mean, Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1) / values.Count));
    }

    /// <summary>A quantile; its error is half the distance of the order statistics one standard deviation of the rank away.</summary>
    public static Estimate Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var spread = Math.Sqrt(sorted.Length * share * (1 - share));
        return new(At(share * sorted.Length), (At((share * sorted.Length) + spread) - At((share * sorted.Length) - spread)) / 2);

        double At(double rank) => sorted[Math.Clamp((int)rank, 0, sorted.Length - 1)];
    }

    public static Estimate operator /(Estimate estimate, double by) => new(estimate.Value / by, estimate.Error / by);
}
