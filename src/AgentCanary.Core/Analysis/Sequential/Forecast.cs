namespace AgentCanary.Analysis.Sequential;

/// <summary>How many more canary requests a verdict takes at the present rates.</summary>
/// <param name="Expected">The expected number.</param>
/// <param name="P90">The number that is enough nine times in ten.</param>
public readonly record struct Forecast(double Expected, double P90)
{
    // What a mixture over all rates pays until there are twice as many requests: ln 2 / 2.
    private const double MixtureCost = 0.35;

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
        return Of(
            Overshoot(missing),
            Numerics.BernoulliDivergence(canary, xc) + (stablePerCanary * Numerics.BernoulliDivergence(stable, xs)),
            (canary * (1 - canary) * Squared(LogOddsRatio(canary, xc))) + (stablePerCanary * stable * (1 - stable) * Squared(LogOddsRatio(stable, xs))));
    }

    /// <summary>Looks ahead to the test of one arm against an absolute bound.</summary>
    /// <param name="bound">The bound, above 0 and below 1.</param>
    /// <param name="worse">The direction of the test.</param>
    /// <param name="missing">The evidence that is missing.</param>
    /// <param name="canary">The canary's rate, above 0 and below 1.</param>
    public static Forecast? OfBound(double bound, bool worse, double missing, double canary) => (worse ? canary <= bound : canary >= bound) ? null
        : Of(Math.Max(missing, 0) + MixtureCost, Numerics.BernoulliDivergence(canary, bound), canary * (1 - canary) * Squared(LogOddsRatio(canary, bound)));

    /// <summary>
    /// Looks ahead to the test of two means: with the best stake ln E drifts by half the squared distance over the variance of one canary request and its stable ones, and varies by twice that.
    /// </summary>
    /// <param name="missing">The evidence that is missing.</param>
    /// <param name="distance">How far the canary's mean lies on the side that the test shows, 0 or less where it does not.</param>
    /// <param name="variance">The variance of the difference for one canary request.</param>
    public static Forecast? OfMeans(double missing, double distance, double variance) =>
        distance <= 0 || variance <= 0 ? null : Of(Overshoot(missing), distance * distance / (2 * variance), distance * distance / variance);

    /// <summary>Gets a number of times as many requests.</summary>
    internal Forecast Times(double factor) => new(Expected * factor, P90 * factor);

    private static Forecast? Of(double needed, double gain, double variance) =>
        gain > 0 ? new(needed / gain, (needed / gain) + (2 * Normal90 * Math.Sqrt(needed * variance / (gain * gain * gain)))) : null;

    // A test by blocks ends above its threshold, and not at the speed of one that knows the rates.
    private static double Overshoot(double missing) => 1.2 * (Math.Max(missing, 0) + 0.4);

    private static double LogOddsRatio(double p, double q) => Math.Log(p * (1 - q) / (q * (1 - p)));

    private static double Squared(double value) => value * value;
}
