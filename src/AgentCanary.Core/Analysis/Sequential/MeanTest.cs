namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// The asymptotic normal mixture for means without a bound, and for intervals (Howard et al. 2021; Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024): lower is worse.
/// Pure and thread-safe.
/// </summary>
/// <param name="CanaryCount">The canary's observations.</param>
/// <param name="CanaryMean">Their mean.</param>
/// <param name="CanaryVariance">Their variance.</param>
/// <param name="StableCount">Stable's observations.</param>
/// <param name="StableMean">Their mean.</param>
/// <param name="StableVariance">Their variance, above 0.</param>
public readonly record struct MeanTest(double CanaryCount, double CanaryMean, double CanaryVariance, double StableCount, double StableMean, double StableVariance)
{
    private const double Tuned = 100;

    private double Information => 1 / ((CanaryVariance / CanaryCount) + (StableVariance / StableCount));

    private double Sigma => Math.Sqrt(StableVariance);

    internal double V => Information * StableVariance;

    internal double S(double margin) => (StableMean - CanaryMean - margin) * Information * Sigma;

    /// <summary>ln E against "stable's mean lies at most <paramref name="margin"/> above the canary's".</summary>
    public double LogWorse(double margin, double alpha)
    {
        var (s, v, rho) = (S(margin), V, BestRho(Tuned, 2 * alpha));
        return (0.5 * Math.Log(4 * rho / (v + rho))) + (s * s / (2 * (v + rho))) + Numerics.LogPhi(s / Math.Sqrt(v + rho));
    }

    /// <summary>ln E against "the means differ by exactly <paramref name="margin"/>".</summary>
    public double LogDifferent(double margin, double alpha)
    {
        var (s, v, rho) = (S(margin), V, BestRho(Tuned, alpha));
        return (0.5 * Math.Log(rho / (v + rho))) + (s * s / (2 * (v + rho)));
    }

    /// <summary>Half the width of the interval of the difference that holds at every look.</summary>
    public double Radius(double alpha)
    {
        var rho = BestRho(Tuned, alpha);
        return Math.Sqrt((V + rho) * (Math.Log((V + rho) / rho) + (2 * Math.Log(1 / alpha)))) / (Information * Sigma);
    }

    internal static double BestRho(double v, double alpha) => v / ((2 * Math.Log(1 / alpha)) + Math.Log(1 + (2 * Math.Log(1 / alpha))));
}
