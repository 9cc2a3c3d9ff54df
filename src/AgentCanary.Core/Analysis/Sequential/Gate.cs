namespace AgentCanary.Analysis.Sequential;

/// <summary>Evidence against an absolute bound, from one arm alone. Pure and thread-safe.</summary>
public static class Gate
{
    /// <summary>
    /// ln E against "the rate is at most <paramref name="bound"/>": a Beta(a, b) mixture truncated to the rates above it (Robbins 1970). Exact at every look.
    /// </summary>
    /// <param name="bad">Bad observations.</param>
    /// <param name="count">All observations.</param>
    /// <param name="bound">The bound, above 0 and below 1.</param>
    /// <param name="a">The prior's first parameter: ½ by default.</param>
    /// <param name="b">The prior's second parameter: ½ by default.</param>
    public static double LogRateAbove(double bad, double count, double bound, double a = 0.5, double b = 0.5) =>
        Numerics.LogBeta(a + bad, b + count - bad) + Numerics.LogUpperBeta(a + bad, b + count - bad, bound)
        - Numerics.LogBeta(a, b) - Numerics.LogUpperBeta(a, b, bound)
        - (bad * Math.Log(bound)) - ((count - bad) * Math.Log(1 - bound));

    /// <summary>ln E against "the rate is at least <paramref name="bound"/>": <see cref="LogRateAbove"/> turned round, as a promotion needs it.</summary>
    public static double LogRateBelow(double bad, double count, double bound) => LogRateAbove(count - bad, count, 1 - bound);

    /// <summary>
    /// ln E against "at most <paramref name="bound"/> events a unit of exposure": a Gamma(a, b) mixture truncated to the rates above it (gamma–Poisson; Howard et al. 2021).
    /// </summary>
    /// <param name="events">Events seen.</param>
    /// <param name="exposure">Exposure, such as conversations.</param>
    /// <param name="bound">The bound, above 0.</param>
    /// <param name="a">The prior's shape.</param>
    /// <param name="b">The prior's rate.</param>
    public static double LogEventsAbove(double events, double exposure, double bound, double a = 1, double b = 1) =>
        (a * Math.Log(b)) - Numerics.LogGamma(a) - Numerics.LogUpperGamma(a, b * bound)
        + Numerics.LogGamma(a + events) - ((a + events) * Math.Log(b + exposure)) + Numerics.LogUpperGamma(a + events, (b + exposure) * bound)
        - (events * Math.Log(bound)) + (bound * exposure);

    /// <summary>
    /// ln E of the share check: were <paramref name="canaryKeys"/> of all keys drawn with the configured share? A Beta(100ρ, 100(1−ρ)) mixture; at 1,000 and more, routing or logging
    /// is broken. Count keys, not requests.
    /// </summary>
    /// <param name="canaryKeys">Keys on the canary.</param>
    /// <param name="stableKeys">Keys on stable.</param>
    /// <param name="share">The configured share, above 0 and below 1.</param>
    public static double LogShare(double canaryKeys, double stableKeys, double share)
    {
        const double concentration = 100;
        var (a, b) = (concentration * share, concentration * (1 - share));
        return Numerics.LogBeta(a + canaryKeys, b + stableKeys) - Numerics.LogBeta(a, b) - (canaryKeys * Math.Log(share)) - (stableKeys * Math.Log(1 - share));
    }

    /// <summary>
    /// ln E from errors alone: did the next error come from the canary more often than its share explains (Lindon and Malek 2022)? Exact where the true share is known; used for
    /// discordant pairs of shadowed requests, with a share of ½.
    /// </summary>
    /// <param name="canaryErrors">Errors of the canary.</param>
    /// <param name="stableErrors">Errors of stable.</param>
    /// <param name="share">The canary's share of the requests.</param>
    /// <param name="ratio">The ratio of rates that is tolerated, 1 for none.</param>
    public static double LogErrorsOnly(long canaryErrors, long stableErrors, double share, double ratio = 1)
    {
        ReadOnlySpan<double> odds = [1.5, 2.5, 5, 12, 40, 200];
        ReadOnlySpan<double> weights = [1, 1.2, 1.5, 1.2, 1, 0.6];
        Span<double> logs = stackalloc double[odds.Length];
        for (var k = 0; k < odds.Length; k++)
        {
            logs[k] = Math.Log(weights[k] / 6.5) + (canaryErrors * Math.Log(odds[k]))
                - ((canaryErrors + stableErrors) * Math.Log(((share * ratio * odds[k]) + 1 - share) / ((share * ratio) + 1 - share)));
        }
        return Numerics.LogSumExp(logs);
    }

    /// <summary>How many clean observations exclude a rate of <paramref name="rate"/> or more, with error <paramref name="beta"/>: ln β / ln(1 − p).</summary>
    public static long CleanCount(double rate, double beta) => (long)Math.Ceiling(Math.Log(beta) / Numerics.Log1P(-rate));

    /// <summary>The highest rate that so many clean observations leave possible, with error <paramref name="beta"/>: 1 − β^(1/n).</summary>
    public static double CleanBound(long count, double beta) => count == 0 ? 1 : 1 - Math.Pow(beta, 1.0 / count);
}
