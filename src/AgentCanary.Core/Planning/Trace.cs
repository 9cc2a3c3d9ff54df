using System.Runtime.InteropServices;

namespace AgentCanary.Planning;

/// <summary>The recorded outcomes of one agent, by their start. Immutable and thread-safe; takes about 100 bytes an outcome.</summary>
public sealed class Trace
{
    /// <summary>The latest start: ten years.</summary>
    public static readonly TimeSpan LatestStart = TimeSpan.FromDays(3650);

    /// <summary>The most characters of a model's name.</summary>
    public const int LongestModel = 256;

    /// <summary>The longest latency: a day.</summary>
    public static readonly TimeSpan LongestLatency = TimeSpan.FromDays(1);

    private readonly List<TraceOutcome> _outcomes;

    private Trace(List<TraceOutcome> outcomes)
    {
        _outcomes = outcomes;
        foreach (ref readonly var outcome in Outcomes)
        {
            if (outcome.Outcome.Latency is { } latency && latency > Longest) Longest = latency;
            if (outcome.EndedAt > End) End = outcome.EndedAt;
        }
    }

    /// <summary>Gets how many outcomes there are.</summary>
    public int Count => _outcomes.Count;

    /// <summary>Gets when the first request started, 0 where there is none.</summary>
    public TimeSpan FirstStart => Count == 0 ? default : _outcomes[0].At;

    /// <summary>Gets when the last request started, 0 where there is none.</summary>
    public TimeSpan LastStart => Count == 0 ? default : _outcomes[^1].At;

    /// <summary>Gets when the last request ended, 0 where there is none.</summary>
    public TimeSpan End { get; }

    /// <summary>Gets the longest latency.</summary>
    public TimeSpan Longest { get; }

    /// <summary>Gets the outcomes by their start; those of one moment in an order that depends on what they say alone.</summary>
    public ReadOnlySpan<TraceOutcome> Outcomes => CollectionsMarshal.AsSpan(_outcomes);

    /// <summary>Makes a trace of outcomes in any order.</summary>
    /// <exception cref="ArgumentException">A start or a latency is negative, too late or too long.</exception>
    public static Trace Of(params IEnumerable<TraceOutcome> outcomes) => Take([.. outcomes]);

    /// <summary>Makes a trace of a list that nobody else uses any more.</summary>
    internal static Trace Take(List<TraceOutcome> outcomes)
    {
        foreach (ref readonly var outcome in CollectionsMarshal.AsSpan(outcomes))
        {
            if (outcome.At < default(TimeSpan) || outcome.At > LatestStart || outcome.Outcome.Latency < default(TimeSpan) || outcome.Outcome.Latency > LongestLatency)
                throw new ArgumentException($"An outcome starts at {outcome.At} and takes {outcome.Outcome.Latency}: 0 to {LatestStart}, and 0 to {LongestLatency}, are possible.", nameof(outcomes));
        }
        if (!IsSorted(CollectionsMarshal.AsSpan(outcomes))) outcomes.Sort(TraceOrder.Instance);
        return new(outcomes);
    }

    // Most traces come in order, and to see that is cheaper than to sort them.
    private static bool IsSorted(ReadOnlySpan<TraceOutcome> outcomes)
    {
        for (var i = 1; i < outcomes.Length; i++)
        {
            if (TraceOrder.Instance.Compare(outcomes[i - 1], outcomes[i]) > 0) return false;
        }
        return true;
    }
}
