using System.Collections.Immutable;
using AgentCanary.Analysis;

namespace AgentCanary.Control;

/// <summary>How a rollout is measured and judged, beside what its spec says. Immutable and thread-safe.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>Gets what is called, on the thread that records, when an outcome must be judged at once. It must return quickly and not throw.</summary>
    public Action? Urgent { get; init; }

    /// <summary>Gets which checks a stage has: those of a rollout file unless set.</summary>
    public Func<Stage, ImmutableArray<Check>> Checks { get; init; } = StageChecks.OfFile;

    /// <summary>Gets how many requests an arm needs before a check may fail: 50 unless set.</summary>
    public int MinRequestsToFail { get; init; } = 50;

    /// <summary>Gets the longest time between two judgements that still counts as watched: unlimited unless set.</summary>
    public TimeSpan LongestWatch { get; init; } = TimeSpan.MaxValue;

    /// <summary>Gets the length of a tick: 1 s unless set, above 0.</summary>
    public TimeSpan TickPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets when a missing outcome counts as a failure; as the spec says unless set.</summary>
    public TimeSpan? OutcomeDeadline { get; init; }

    /// <summary>Gets whether reports tell how many times stable's rate the canary's is: true unless set. It changes no verdict, and costs more than the tests themselves.</summary>
    internal bool TellsRatios { get; init; } = true;

    /// <summary>Gets how many threads record at once without disturbing each other: 1 unless set; the number of cores is a good value.</summary>
    public int StripeCount { get; init; } = 1;
}
