using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>A lognormal distribution of latencies, which agents' answer times resemble.</summary>
/// <param name="LogMedian">ln of the median in milliseconds.</param>
/// <param name="Sigma">The standard deviation of ln, above 0: 0.6 is typical, 1 is a heavy tail.</param>
internal readonly record struct LatencyShape(double LogMedian, double Sigma)
{
    /// <summary>The spread that is assumed where the baseline names one percentile only.</summary>
    public const double TypicalSigma = 0.6;

    /// <summary>Gets the mean in milliseconds.</summary>
    public double Mean => Math.Exp(LogMedian + (Sigma * Sigma / 2));

    /// <summary>Makes the shape that has a quantile.</summary>
    public static LatencyShape Of(double quantile, double milliseconds, double sigma = TypicalSigma) =>
        new(Math.Log(milliseconds) - (sigma * Numerics.PhiInverse(quantile)), sigma);

    /// <summary>Makes the typical shape that has a mean.</summary>
    public static LatencyShape OfMean(double mean) => new(Math.Log(mean) - (TypicalSigma * TypicalSigma / 2), TypicalSigma);

    /// <summary>Makes the shape that has two quantiles, the lower one first.</summary>
    public static LatencyShape Of(double lower, double lowerMilliseconds, double upper, double upperMilliseconds) =>
        Of(upper, upperMilliseconds, Math.Log(upperMilliseconds / lowerMilliseconds) / (Numerics.PhiInverse(upper) - Numerics.PhiInverse(lower)));

    /// <summary>Gets the same shape in another unit.</summary>
    public LatencyShape Times(double unit) => this with { LogMedian = LogMedian + Math.Log(unit) };

    /// <summary>The share of answers that take at least so long.</summary>
    public double AtLeast(double milliseconds) => 1 - Numerics.Phi((Math.Log(milliseconds) - LogMedian) / Sigma);

    /// <summary>The time that belongs to a standard normal draw, in milliseconds.</summary>
    public double At(double normal) => Math.Exp(LogMedian + (Sigma * normal));

    /// <summary>The time that a share of the answers stays below, in milliseconds.</summary>
    public double Quantile(double share) => Math.Exp(LogMedian + (Sigma * Numerics.PhiInverse(share)));
}
