namespace SupportAgent;

/// <summary>Draws a fate for each request from one seeded generator: the same seed gives the same sequence. Thread-safe.</summary>
internal sealed class Chance(Knobs knobs)
{
    private const double QualitySpread = 0.05;
    private static readonly TimeSpan LongestLatency = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Random _random = new(knobs.Seed);

    public Fate Next()
    {
        lock (_lock)
        {
            // Every request draws the same number of times, so turning one knob leaves the other draws as they were.
            return new Fate(
                Fails: _random.NextDouble() < knobs.ErrorRate,
                IsUnsafe: _random.NextDouble() < knobs.SafetyRate,
                Refuses: _random.NextDouble() < knobs.RefusalRate,
                Evades: _random.NextDouble() < knobs.EvasionRate,
                ToolFails: _random.NextDouble() < knobs.ToolErrorRate,
                Breaks: _random.NextDouble() < knobs.BreakStreamRate,
                Latency: Latency(Normal()),
                Quality: Math.Clamp(knobs.Quality + QualitySpread * Normal(), 0, 1));
        }
    }

    private TimeSpan Latency(double normal)
    {
        var milliseconds = knobs.LatencyMedian.TotalMilliseconds * Math.Exp(knobs.LatencySigma * normal);
        return TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestLatency.TotalMilliseconds));
    }

    // Box and Muller; 1 - u keeps the logarithm's argument above zero.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
