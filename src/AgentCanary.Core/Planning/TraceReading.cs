using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>What became of a trace file: a trace, or faults.</summary>
public sealed record TraceReading
{
    /// <summary>Gets the trace; null where there are faults.</summary>
    public Trace? Trace { get; init; }

    /// <summary>Gets the first faults, by line; at most <see cref="TraceReader.MostFaults"/>.</summary>
    public ImmutableArray<TraceFault> Faults { get; init; } = [];

    /// <summary>Gets how many more faults there are.</summary>
    public long MoreFaults { get; init; }

    /// <summary>Gets how many outcomes of other agents were left out.</summary>
    public long Others { get; init; }

    /// <summary>Gets some of the other agents' names.</summary>
    public ImmutableArray<string> OtherAgents { get; init; } = [];

    /// <summary>Gets how many outcomes told no latency, count as ended at once, and are in no percentile.</summary>
    public long WithoutLatency { get; init; }
}
