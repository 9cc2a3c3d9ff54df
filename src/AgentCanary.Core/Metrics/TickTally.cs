namespace AgentCanary.Metrics;

/// <summary>What was seen of the requests that started in one tick. Immutable and thread-safe; equal by value.</summary>
/// <param name="Tick">The number of the tick: UTC seconds divided by the tick's period, rounded down.</param>
/// <param name="Control">The control arm.</param>
/// <param name="Canary">The canary arm.</param>
public sealed record TickTally(long Tick, MetricWindow Control, MetricWindow Canary)
{
    /// <summary>Gets whether nothing was seen in either arm.</summary>
    public bool IsEmpty => Control.Finished == 0 && Canary.Finished == 0;

    /// <summary>Gets control's values by bin.</summary>
    internal ArmBins ControlBins { get; init; } = ArmBins.Empty;

    /// <summary>Gets the canary's values by bin.</summary>
    internal ArmBins CanaryBins { get; init; } = ArmBins.Empty;

    /// <summary>Adds what another node saw in the same tick. Associative and commutative to the bit.</summary>
    /// <exception cref="ArgumentException">The other one is of another tick.</exception>
    public TickTally Merge(TickTally other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.Tick != Tick) throw new ArgumentException($"Tick {other.Tick} cannot be added to tick {Tick}: merge the same tick of several nodes.", nameof(other));
        return new(Tick, Control.Merge(other.Control), Canary.Merge(other.Canary))
        {
            ControlBins = ControlBins.Merge(other.ControlBins),
            CanaryBins = CanaryBins.Merge(other.CanaryBins),
        };
    }
}
