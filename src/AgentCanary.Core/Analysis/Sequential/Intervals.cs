namespace AgentCanary.Analysis.Sequential;

/// <summary>Intervals that hold at every look. Pure and thread-safe.</summary>
public static class Intervals
{
    /// <summary>The interval of one arm's rate: the rates whose Beta(½, ½) mixture martingale stays below 1/α (Robbins 1970).</summary>
    /// <param name="bad">Bad observations.</param>
    /// <param name="count">All observations.</param>
    /// <param name="alpha">The error, above 0 and below 1.</param>
    /// <param name="a">The prior's first parameter.</param>
    /// <param name="b">The prior's second parameter.</param>
    public static (double Low, double High) Rate(double bad, double count, double alpha, double a = 0.5, double b = 0.5)
    {
        if (count <= 0) return (0, 1);
        var best = bad / count;
        var constant = Numerics.LogBeta(a + bad, b + count - bad) - Numerics.LogBeta(a, b) + Math.Log(alpha);
        var low = bad <= 0 ? 0 : Root(best, 0);
        var high = bad >= count ? 1 : Root(best, 1);
        return (low, high);

        // The martingale rises away from the best rate on either side.
        double Root(double inside, double outside)
        {
            for (var i = 0; i < 200 && inside != outside; i++)
            {
                var middle = 0.5 * (inside + outside);
                if (middle == inside || middle == outside) break;
                if (LogMartingale(middle) < 0) inside = middle;
                else outside = middle;
            }
            return 0.5 * (inside + outside);
        }

        double LogMartingale(double p) => constant - (bad * Math.Log(p)) - (bad >= count ? 0 : (count - bad) * Math.Log(1 - p));
    }

    /// <summary>
    /// ln of the martingale for "a share of <paramref name="quantile"/> lies at or below an edge", of which <paramref name="below"/> of <paramref name="count"/> do: the quantile's interval
    /// is all edges where it stays below ln(1/α) (beta-binomial; Howard and Ramdas 2022).
    /// </summary>
    public static double LogQuantileMartingale(double below, double count, double quantile)
    {
        const double concentration = 20;
        var (a, b) = (concentration * quantile, concentration * (1 - quantile));
        return Numerics.LogBeta(a + below, b + count - below) - Numerics.LogBeta(a, b) - (below * Math.Log(quantile)) - ((count - below) * Math.Log(1 - quantile));
    }

    /// <summary>The buckets that the quantile may lie in, from cumulated counts; null for an end that so few observations leave open.</summary>
    /// <param name="counts">The counts of rising buckets.</param>
    /// <param name="quantile">The quantile, above 0 and below 1.</param>
    /// <param name="alpha">The error.</param>
    public static (int? Low, int? High) QuantileBuckets(ReadOnlySpan<long> counts, double quantile, double alpha)
    {
        var total = 0L;
        foreach (var count in counts) total += count;
        var (low, below) = ((int?)null, 0L);
        for (var edge = 0; edge < counts.Length; edge++)
        {
            below += counts[edge];
            var isInside = LogQuantileMartingale(below, total, quantile) < Math.Log(1 / alpha);
            var isRight = below > quantile * total;
            if (!isInside && !isRight) low = edge + 1;
            if (!isInside && isRight) return (low ?? 0, edge);
        }
        return (low, null);
    }
}
