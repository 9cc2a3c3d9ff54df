using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning.Peers;

/// <summary>
/// The rank-sum test of Mann, Whitney and Wilcoxon with the interval of the shift between two samples, by the normal distribution with corrections for ties and continuity: what R's
/// <c>wilcox.test(x, y, conf.int = TRUE, exact = FALSE)</c> documents. Kayenta solves for the ends of the interval to within 1e-4 only, and so does this.
/// </summary>
internal static class RankSum
{
    private const double Accuracy = 1e-4;

    /// <summary>The shift of x against y, and its interval; null where all values are tied.</summary>
    /// <param name="x">The one sample, rising, not empty.</param>
    /// <param name="y">The other sample, rising, not empty.</param>
    /// <param name="confidence">The confidence of the interval.</param>
    public static (double Low, double High, double Estimate)? Shift(double[] x, double[] y, double confidence)
    {
        var (least, most) = (x[0] - y[^1], x[^1] - y[0]);
        var (atLeast, atMost) = (Statistic(x, y, least), Statistic(x, y, most));
        if (double.IsNaN(atLeast) || double.IsNaN(atMost)) return null;
        var z = -Numerics.PhiInverse((1 - confidence) / 2);
        var (low, high, estimate) = (End(z), End(-z), Solve(0));
        return double.IsNaN(low) || double.IsNaN(high) || double.IsNaN(estimate) ? null : (low, high, estimate);

        double End(double quantile) => atLeast - quantile <= 0 ? least : atMost - quantile >= 0 ? most : Solve(quantile);

        double Solve(double quantile) => Root.Find(shift => Statistic(x, y, shift) - quantile, least, most, atLeast - quantile, atMost - quantile, Accuracy);
    }

    /// <summary>The standardised rank sum of x less a shift, among both samples: falling in the shift; not a number where all values are tied.</summary>
    public static double Statistic(double[] x, double[] y, double shift)
    {
        var (n, m) = ((double)x.Length, (double)y.Length);
        var (sum, ties) = Ranks(x, y, shift);
        var above = sum - (n * (n + 1) / 2) - (n * m / 2);
        var variance = n * m / 12 * (n + m + 1 - (ties / ((n + m) * (n + m - 1))));
        return variance <= 0 ? double.NaN : (above - (Math.Sign(above) * 0.5)) / Math.Sqrt(variance);
    }

    // Both samples rise, so one pass merges them; equal values share the mean of their ranks.
    private static (double Sum, double Ties) Ranks(double[] x, double[] y, double shift)
    {
        var (i, j, sum, ties) = (0, 0, 0.0, 0.0);
        while (i < x.Length)
        {
            var value = j < y.Length ? Math.Min(x[i] - shift, y[j]) : x[i] - shift;
            var (before, mine, theirs) = (i + j, 0, 0);
            for (; i < x.Length && x[i] - shift == value; i++) mine++;
            for (; j < y.Length && y[j] == value; j++) theirs++;
            double all = mine + theirs;
            sum += mine * (before + ((all + 1) / 2));
            ties += (all * all * all) - all;
        }
        for (var all = 0.0; j < y.Length; all = 0)
        {
            var value = y[j];
            for (; j < y.Length && y[j] == value; j++) all++;
            ties += (all * all * all) - all;
        }
        return (sum, ties);
    }
}
