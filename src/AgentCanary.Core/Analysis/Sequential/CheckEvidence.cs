using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What is kept of one check: its open block, its tests and the counts of both arms. Immutable; equal by value.</summary>
public sealed record CheckEvidence
{
    /// <summary>Gets the block that is still open.</summary>
    public Block Open { get; init; }

    /// <summary>Gets the block that is still open as a promotion counts it; it differs where a promotion has a cut of its own.</summary>
    public Block OpenPromotion { get; init; }

    /// <summary>Gets everything in closed blocks and in the open one.</summary>
    public Block Total { get; init; }

    /// <summary>Gets the test that the canary is worse; null for an absolute check.</summary>
    public RateState? Rollback { get; init; }

    /// <summary>Gets the tests that it is not worse.</summary>
    public ImmutableArray<RateState> Promotions { get; init; } = [];

    /// <summary>Gets the edge that stable's frozen quantile was rounded up to, or -1 where it is not frozen yet.</summary>
    public int StableEdge { get; init; } = -1;

    /// <summary>Gets how many canary requests are in closed blocks.</summary>
    public long ClosedCanary { get; init; }

    /// <summary>Begins the evidence of a check.</summary>
    public static CheckEvidence Start(CheckTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new()
        {
            Rollback = terms.Rollback is { } rollback ? RateTest.Start(rollback) : null,
            Promotions = [.. terms.Promotions.Select(RateTest.Start)],
        };
    }

    /// <inheritdoc/>
    public bool Equals(CheckEvidence? other) => other is not null && (Open, OpenPromotion, Total, StableEdge, ClosedCanary) == (other.Open, other.OpenPromotion, other.Total, other.StableEdge, other.ClosedCanary)
        && Equals(Rollback, other.Rollback) && Promotions.SequenceEqual(other.Promotions);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Open, Total, ClosedCanary);
}
