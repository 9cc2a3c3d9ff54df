namespace AgentCanary.Metrics;

/// <summary>Fractions as whole numbers, so that sums are the same in every order. Values are within <see cref="OutcomeLimits"/>, so nothing
/// overflows.</summary>
internal static class FixedPoint
{
    public const double Millionths = 1e6;
    public const double Billionths = 1e9;

    /// <summary>Costs are kept in billionths: a call may cost a hundred-thousandth of a unit.</summary>
    public static long OfCost(double cost) => (long)Math.Round(cost * Billionths);

    public static long OfScore(double score) => (long)Math.Round(score * Millionths);

    public static long OfSquare(double score) => (long)Math.Round(score * score * Millionths);
}
