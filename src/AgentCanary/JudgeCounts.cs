using AgentCanary.Shadow;

namespace AgentCanary;

/// <summary>What a judge said of the pairs that it was to judge so far. Immutable and thread-safe.</summary>
/// <param name="Canary">Pairs whose better answer is the canary's.</param>
/// <param name="Stable">Pairs whose better answer is stable's.</param>
/// <param name="Tie">Pairs of which neither answer is better.</param>
/// <param name="Split">Pairs of which the two orders say different things: where they are many, the judge looks at places and not at answers.</param>
/// <param name="NoData">Pairs without a verdict: the judge failed, was too slow, said something else, or the hour's budget was spent.</param>
public readonly record struct JudgeCounts(long Canary, long Stable, long Tie, long Split, long NoData)
{
    /// <summary>Gets the pairs that the judge was asked about and would not judge, for which the answers themselves may be the cause. The gateway alone tells them from those without data.</summary>
    public long Refused { get; init; }

    /// <summary>Gets the pairs that count.</summary>
    public long Judged => Canary + Stable + Tie + Split;

    /// <summary>Gets the share of them in which the canary's answer is no worse than stable's; null before the first.</summary>
    public double? Agreement => Judged == 0 ? null : (double)(Judged - Stable) / Judged;

    /// <summary>Counts one more.</summary>
    public JudgeCounts With(JudgeVerdict? verdict) => verdict switch
    {
        JudgeVerdict.Canary => this with { Canary = Canary + 1 },
        JudgeVerdict.Stable => this with { Stable = Stable + 1 },
        JudgeVerdict.Tie => this with { Tie = Tie + 1 },
        JudgeVerdict.Split => this with { Split = Split + 1 },
        _ => this with { NoData = NoData + 1 },
    };
}
