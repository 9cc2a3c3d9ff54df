namespace AgentCanary.Planning.Simulation;

/// <summary>Draws from the distributions that a made world needs. Pure but for the generator's state.</summary>
internal static class Draws
{
    /// <summary>Draws a standard normal number (Box and Muller 1958); it takes two numbers of the generator, always.</summary>
    public static double Normal(SplitMix64 random)
    {
        var (first, second) = (1 - random.NextUnit(), random.NextUnit());
        return Math.Sqrt(-2 * Math.Log(first)) * Math.Cos(2 * Math.PI * second);
    }

    /// <summary>Draws a waiting time with mean 1.</summary>
    public static double Exponential(SplitMix64 random) => -Math.Log(1 - random.NextUnit());

    /// <summary>Draws from Beta(a, b), a and b above 0.</summary>
    public static double Beta(SplitMix64 random, double a, double b)
    {
        var (x, y) = (Gamma(random, a), Gamma(random, b));
        return x + y > 0 ? x / (x + y) : a / (a + b);
    }

    /// <summary>Draws from a gamma distribution of scale 1 (Marsaglia and Tsang 2000).</summary>
    public static double Gamma(SplitMix64 random, double shape)
    {
        if (shape < 1) return Gamma(random, shape + 1) * Math.Pow(1 - random.NextUnit(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var normal = Normal(random);
            var root = 1 + (c * normal);
            if (root <= 0) continue;
            var v = root * root * root;
            if (Math.Log(1 - random.NextUnit()) < (0.5 * normal * normal) + (d * (1 - v + Math.Log(v)))) return d * v;
        }
    }
}
