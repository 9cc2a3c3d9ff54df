namespace AgentCanary.Planning.Simulation;

/// <summary>How a version's error rate moves by itself: it climbs once, or it goes up and down.</summary>
/// <param name="IsWave">Whether it comes back: from the first rate to the second and back in one period; otherwise it climbs once and stays.</param>
/// <param name="From">The rate at the beginning, above 0 and below 1.</param>
/// <param name="To">The rate after the climb, or in the middle of a period, above 0 and below 1.</param>
/// <param name="Seconds">How long the climb, or a whole period, takes.</param>
internal sealed record RatePath(bool IsWave, double From, double To, double Seconds)
{
    /// <summary>How far the log odds of a failure are from those of a version's own rate.</summary>
    public double Shift(double rate, double second) => Logit(At(second)) - Logit(rate);

    /// <summary>The rate at a time.</summary>
    public double At(double second)
    {
        var share = IsWave ? (1 - Math.Cos(2 * Math.PI * second / Seconds)) / 2 : Math.Min(1, second / Seconds);
        return From + ((To - From) * share);
    }

    /// <summary>Moves a rate by a distance of log odds.</summary>
    public static double Moved(double rate, double shift) => shift == 0 || rate is <= 0 or >= 1 ? rate : 1 / (1 + Math.Exp(-(Logit(rate) + shift)));

    private static double Logit(double rate) => Math.Log(rate / (1 - rate));
}
