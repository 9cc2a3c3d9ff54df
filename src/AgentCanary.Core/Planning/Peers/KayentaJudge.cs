using AgentCanary.Planning.Simulation;

namespace AgentCanary.Planning.Peers;

/// <summary>
/// <c>NetflixACAJudge-v1.0</c> for one metric that must not increase, with its defaults: NaN removed, outliers kept, confidence 0.98, tolerance 0.25, effect size by the ratio of means with <c>allowedIncrease</c> 1.
/// High means that the confidence interval of the shift lies above a quarter of the shift's estimate. Pure.
/// </summary>
internal static class KayentaJudge
{
    private const double Confidence = 0.98;
    private const double Tolerance = 0.25;
    private const double AllowedIncrease = 1;
    private const double Noise = 1e-5;

    /// <summary>Tells whether the canary passes. One side without values counts as half of all metrics without data, which scores 0.</summary>
    public static bool Passes(IReadOnlyList<double> canary, IReadOnlyList<double> control)
    {
        if (canary.Count == 0 || control.Count == 0) return false;
        double[] x = [.. canary.Order()], y = [.. control.Order()];
        if (x.AsSpan().SequenceEqual(y) || (x[0] == y[^1] && x[^1] == y[0])) return true;
        if (x[0] == x[^1] && y[0] == y[^1]) (x, y) = (Noisy(x, 1), Noisy(y, 2));
        // Where all values are tied there is no interval: an error, which no score counts.
        if (RankSum.Shift(x, y, Confidence) is not { } shift) return true;
        var ratio = x.Average() == 0 || y.Average() == 0 ? double.NaN : x.Average() / y.Average();
        return !(shift.Low > Tolerance * Math.Abs(shift.Estimate) && (double.IsNaN(ratio) || ratio >= AllowedIncrease));
    }

    private static double[] Noisy(double[] values, ulong seed)
    {
        var random = new SplitMix64(seed);
        return [.. values.Select(value => value + (value * Noise * Draws.Normal(random))).Order()];
    }
}
