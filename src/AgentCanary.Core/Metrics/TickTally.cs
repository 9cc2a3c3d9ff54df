namespace AgentCanary.Metrics;

/// <summary>What was seen of the requests that started in one tick. Immutable and thread-safe; equal by value.</summary>
/// <param name="Tick">The number of the tick: UTC seconds divided by the tick's period, rounded down.</param>
/// <param name="Control">The control arm.</param>
/// <param name="Canary">The canary arm.</param>
public sealed record TickTally(long Tick, MetricWindow Control, MetricWindow Canary)
{
    /// <summary>Gets whether nothing was seen in either arm.</summary>
    public bool IsEmpty => Control.Finished == 0 && Canary.Finished == 0;
}
