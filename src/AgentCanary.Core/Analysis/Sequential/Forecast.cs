namespace AgentCanary.Analysis.Sequential;

/// <summary>How many more canary requests a verdict takes at the present rates.</summary>
/// <param name="Expected">The expected number.</param>
/// <param name="P90">The number that is enough nine times in ten.</param>
public readonly record struct Forecast(double Expected, double P90)
{
    private const double Normal90 = 1.2815515655446004;

    /// <summary>Looks ahead; null where the rates lie on the other side of the line, so that no number is enough.</summary>
    /// <param name="line">The line of the test.</param>
    /// <param name="worse">The direction of the test.</param>
    /// <param name="missing">The evidence that is missing: the threshold less ln E.</param>
    /// <param name="canary">The canary's rate, above 0 and below 1.</param>
    /// <param name="stable">Stable's rate, above 0 and below 1.</param>
    /// <param name="stablePerCanary">Stable requests for each canary request.</param>
    public static Forecast? Of(Line line, bool worse, double missing, double canary, double stable, double stablePerCanary)
    {
        if (worse ? canary <= line.At(stable) : canary >= line.At(stable)) return null;
        var (xc, xs) = line.Project(canary, stable, 1, stablePerCanary);
        var gain = Numerics.BernoulliDivergence(canary, xc) + (stablePerCanary * Numerics.BernoulliDivergence(stable, xs));
        var variance = (canary * (1 - canary) * Squared(LogOddsRatio(canary, xc))) + (stablePerCanary * stable * (1 - stable) * Squared(LogOddsRatio(stable, xs)));
        var needed = 1.2 * (Math.Max(missing, 0) + 0.4);
        var expected = needed / gain;
        return new(expected, expected + (2 * Normal90 * Math.Sqrt(needed * variance / (gain * gain * gain))));
    }

    private static double LogOddsRatio(double p, double q) => Math.Log(p * (1 - q) / (q * (1 - p)));

    private static double Squared(double value) => value * value;
}
