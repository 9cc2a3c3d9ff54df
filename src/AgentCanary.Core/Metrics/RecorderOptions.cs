using System.Collections.Immutable;

namespace AgentCanary.Metrics;

/// <summary>How an <see cref="OutcomeRecorder"/> counts.</summary>
public sealed record RecorderOptions
{
    internal const int MaxScoreNames = 16;

    /// <summary>Gets the length of a tick: 1 s unless set, above 0.</summary>
    public TimeSpan TickPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets how long an outcome is waited for: 120 s unless set, at least one tick and at most 100,000 ticks.</summary>
    public TimeSpan OutcomeDeadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Gets the names of the scores to keep, at most 16; none unless set. Scores of other names are left out.</summary>
    public ImmutableArray<string> ScoreNames { get; init; } = [];

    /// <summary>Gets what is called when the canary needs a look at once: a safety violation, or <see cref="FastFailures"/> in a row. It
    /// runs on the thread that recorded, so it must only signal; what it throws is dropped.</summary>
    public Action? Urgent { get; init; }

    /// <summary>Gets after how many hard failures in a row of the canary <see cref="Urgent"/> is called: 10 unless set, 0 for
    /// never.</summary>
    public int FastFailures { get; init; } = 10;

    /// <summary>Gets how many threads write at once without disturbing each other: 2 unless set, rounded up to a power of two, 1 to 64. The
    /// number of cores is a good value.</summary>
    public int StripeCount { get; init; } = 2;

    /// <summary>Gets what the first ticks count by bins: nothing unless set.</summary>
    internal BinPlan Bins { get; init; } = BinPlan.None;

    /// <summary>Gets what is expected of each key's scores: nothing unless set.</summary>
    internal ImmutableArray<ScoreHistory> Histories { get; init; } = [];

    /// <summary>Gets where the canary's safety violations are counted: by itself unless set.</summary>
    internal SafetyCount? Safety { get; init; }

    /// <summary>Gets the deadline in ticks, rounded up.</summary>
    internal int DeadlineTicks => checked((int)((OutcomeDeadline.Ticks + TickPeriod.Ticks - 1) / TickPeriod.Ticks));

    internal RecorderOptions Checked()
    {
        if (TickPeriod <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(TickPeriod), TickPeriod, "A tick is longer than zero; 1 s is usual.");
        if (OutcomeDeadline < TickPeriod || OutcomeDeadline.Ticks / TickPeriod.Ticks > 100_000)
            throw new ArgumentOutOfRangeException(nameof(OutcomeDeadline), OutcomeDeadline, $"The outcome deadline is 1 to 100,000 ticks of {TickPeriod}.");
        if (ScoreNames.IsDefault || ScoreNames.Length > MaxScoreNames)
            throw new ArgumentOutOfRangeException(nameof(ScoreNames), ScoreNames, $"At most {MaxScoreNames} score names; none is an empty array.");
        if (ScoreNames.Any(string.IsNullOrEmpty) || ScoreNames.Distinct(StringComparer.Ordinal).Count() != ScoreNames.Length)
            throw new ArgumentException($"Score names are not empty and differ: {string.Join(", ", ScoreNames)}.", nameof(ScoreNames));
        if (FastFailures < 0)
            throw new ArgumentOutOfRangeException(nameof(FastFailures), FastFailures, "Fast failures are 0 (never) or more.");
        return this;
    }
}
