namespace AgentCanary.Planning.Simulation;

/// <summary>A time in which some requests fail that would not have failed otherwise.</summary>
/// <param name="Share">Which share of them, 0 to 1.</param>
/// <param name="Start">When it begins, in seconds.</param>
/// <param name="Seconds">How long it lasts.</param>
internal sealed record Incident(double Share, double Start, double Seconds)
{
    /// <summary>The error rate at a time, where it would be <paramref name="rate"/> otherwise.</summary>
    public double Raised(double rate, double second) => second >= Start && second < Start + Seconds ? 1 - ((1 - rate) * (1 - Share)) : rate;
}
