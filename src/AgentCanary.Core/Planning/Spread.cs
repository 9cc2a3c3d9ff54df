namespace AgentCanary.Planning;

/// <summary>A figure that differs from rollout to rollout. Infinite where it is never reached.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Median">What half of all rollouts stay below.</param>
/// <param name="P90">What nine in ten stay below.</param>
public readonly record struct Spread(double Mean, double Median, double P90)
{
    internal static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(sorted.Average(), sorted[sorted.Length / 2], sorted[sorted.Length * 9 / 10]);
    }

    internal Spread Times(double factor) => new(Mean * factor, Median * factor, P90 * factor);
}
