namespace AgentCanary.Planning;

/// <summary>Draws how many of some requests meet a fate that each meets by chance. Pure but for the generator's state.</summary>
internal static class Binomial
{
    // Beyond so many expected events of either kind the normal distribution is closer than a seeded run could show.
    private const double Many = 200;

    /// <summary>Draws from Binomial(n, p).</summary>
    public static long Draw(SplitMix64 random, long n, double p)
    {
        if (n <= 0 || p <= 0) return 0;
        if (p >= 1) return n;
        if (p > 0.5) return n - Draw(random, n, 1 - p);
        return n * p > Many ? Normal(random, n, p) : Skips(random, n, p);
    }

    // From one event to the next lies a geometric number of requests, so the cost is that of the events, not of the requests.
    private static long Skips(SplitMix64 random, long n, double p)
    {
        if (n == 1) return random.NextUnit() < p ? 1 : 0;
        var (events, left, scale) = (0L, (double)n, 1 / Math.Log(1 - p));
        while ((left -= Math.Floor(Math.Log(1 - random.NextUnit()) * scale) + 1) >= 0) events++;
        return events;
    }

    private static long Normal(SplitMix64 random, long n, double p)
    {
        var (first, second) = (1 - random.NextUnit(), random.NextUnit());
        var normal = Math.Sqrt(-2 * Math.Log(first)) * Math.Cos(2 * Math.PI * second);
        return Math.Clamp((long)Math.Round((n * p) + (normal * Math.Sqrt(n * p * (1 - p)))), 0, n);
    }
}
