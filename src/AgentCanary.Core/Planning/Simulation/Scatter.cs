namespace AgentCanary.Planning.Simulation;

/// <summary>How a figure of single requests scatters about its mean.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation, 0 or more.</param>
internal readonly record struct Scatter(double Mean, double Deviation)
{
    /// <summary>The standard deviation of a score that is assumed where none is given: that of Beta(8, 2).</summary>
    public const double TypicalScore = 0.12;

    /// <summary>Tokens and cost are assumed to scatter by so much of their mean: the lognormal of a typical latency.</summary>
    public const double TypicalVariation = 0.66;

    /// <summary>Draws a positive figure from the lognormal distribution of this mean and deviation.</summary>
    public double Lognormal(SplitMix64 random)
    {
        var variance = Math.Log(1 + (Deviation * Deviation / (Mean * Mean)));
        return Math.Exp(Math.Log(Mean) - (variance / 2) + (Math.Sqrt(variance) * Draws.Normal(random)));
    }

    /// <summary>Draws a share of 0 to 1 from the beta distribution of this mean and deviation.</summary>
    public double Share(SplitMix64 random)
    {
        if (Deviation <= 0 || Mean is <= 0 or >= 1) return Mean;
        var total = (Mean * (1 - Mean) / (Deviation * Deviation)) - 1;
        return Draws.Beta(random, Mean * total, (1 - Mean) * total);
    }
}
