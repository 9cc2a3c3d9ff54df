using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What is kept of one track: its open block and the states of its tests. Immutable; equal by value.</summary>
internal sealed record TrackEvidence
{
    /// <summary>Gets the block that is still open.</summary>
    internal Observed Open { get; init; } = Observed.Nothing;

    /// <summary>Gets the open blocks of reported scores, one for each stage that served: within a stage both arms' scores had the same time to come.</summary>
    internal ImmutableArray<(int Stage, Observed Open)> Reported { get; init; } = [];

    /// <summary>Gets how many canary observations are in closed blocks.</summary>
    public long ClosedCanary { get; init; }

    /// <summary>Gets the test that the canary is worse; null where there is none.</summary>
    public TestState? Rollback { get; init; }

    /// <summary>Gets the tests that it is not worse.</summary>
    public ImmutableArray<TestState> Promotions { get; init; } = [];

    /// <summary>Begins the evidence of a track.</summary>
    public static TrackEvidence Start(TrackTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new() { Rollback = terms.Rollback?.Start(), Promotions = [.. terms.Promotions.Select(test => test.Start())] };
    }

    /// <inheritdoc/>
    public bool Equals(TrackEvidence? other) => other is not null && Open == other.Open && Reported.SequenceEqual(other.Reported) && ClosedCanary == other.ClosedCanary && Equals(Rollback, other.Rollback) && Promotions.SequenceEqual(other.Promotions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Open, ClosedCanary);

    internal TrackEvidence Add(TrackTerms terms, Observed tick)
    {
        if (terms.Rollback is null) return this;
        var open = Open.Plus(tick);
        return IsComplete(terms, open) ? Close(terms, open, promotes: true) with { Open = Observed.Nothing } : this with { Open = open };
    }

    /// <summary>Adds reported scores in blocks of their own stage; those of a stage that was left are never evidence for a promotion.</summary>
    internal TrackEvidence AddReported(TrackTerms terms, int stage, Observed scores, bool promotes)
    {
        if (terms.Rollback is null) return this;
        var before = Reported.FirstOrDefault(block => block.Stage == stage);
        var open = before.Open is null ? scores : before.Open.Plus(scores);
        var others = Reported.Remove(before);
        return IsComplete(terms, open) ? Close(terms, open, promotes) with { Reported = others } : this with { Reported = others.Add((stage, open)) };
    }

    /// <summary>Lets go the open block and what the tests expect of stable. Whether that happens hangs on thousands of stable's answers, of which the block holds a few.</summary>
    internal TrackEvidence Recut() => this with { Open = Observed.Nothing, Rollback = Rollback?.Forget(), Promotions = [.. Promotions.Select(state => state.Forget())] };

    internal bool Fits(TrackTerms terms) => terms.Rollback is null == Rollback is null && (Rollback is null || terms.Rollback!.Fits(Rollback))
        && terms.Promotions.Length == Promotions.Length && Promotions.Zip(terms.Promotions).All(pair => pair.Second.Fits(pair.First));

    private bool IsComplete(TrackTerms terms, Observed open) => terms.IsOneSample ? open.Canary.Total > 0 : BlockClosing.IsComplete(open.Block, ClosedCanary);

    private TrackEvidence Close(TrackTerms terms, Observed block, bool promotes)
    {
        var promotion = block.ForPromotion;
        return this with
        {
            ClosedCanary = ClosedCanary + block.Canary.Total,
            Rollback = terms.Rollback!.Add(Rollback!, block),
            Promotions = promotes ? [.. Promotions.Select((state, i) => terms.Promotions[i].Add(state, promotion))] : Promotions,
        };
    }
}
