using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What is kept of one track: its open block and the states of its tests. Immutable; equal by value.</summary>
internal sealed record TrackEvidence
{
    /// <summary>Gets the block that is still open.</summary>
    internal Observed Open { get; init; } = Observed.Nothing;

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
    public bool Equals(TrackEvidence? other) => other is not null && Open == other.Open && ClosedCanary == other.ClosedCanary && Equals(Rollback, other.Rollback) && Promotions.SequenceEqual(other.Promotions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Open, ClosedCanary);

    internal TrackEvidence Add(TrackTerms terms, Observed tick)
    {
        if (terms.Rollback is null) return this;
        var open = Open.Plus(tick);
        if (!(terms.IsOneSample ? open.Canary.Total > 0 : BlockClosing.IsComplete(open.Block, ClosedCanary))) return this with { Open = open };
        var promotion = open.ForPromotion;
        return new()
        {
            ClosedCanary = ClosedCanary + open.Canary.Total,
            Rollback = terms.Rollback.Add(Rollback!, open),
            Promotions = [.. Promotions.Select((state, i) => terms.Promotions[i].Add(state, promotion))],
        };
    }

    internal bool Fits(TrackTerms terms) => terms.Rollback is null == Rollback is null && (Rollback is null || terms.Rollback!.Fits(Rollback))
        && terms.Promotions.Length == Promotions.Length && Promotions.Zip(terms.Promotions).All(pair => pair.Second.Fits(pair.First));
}
