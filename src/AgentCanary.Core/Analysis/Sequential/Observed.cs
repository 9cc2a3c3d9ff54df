using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// What the tests of a check see of some ticks: how many observations of each arm lie in each place, from 0 up, where a higher place is worse. A rate has two places, the whole latency six, a
/// score or a mean 101. Immutable; equal by value.
/// </summary>
/// <param name="Stable">Stable's observations.</param>
/// <param name="Canary">The canary's, as a rollback counts them.</param>
/// <param name="Lenient">The canary's, as a promotion counts them: the same, or by wider cuts.</param>
internal sealed record Observed(BucketCounts Stable, BucketCounts Canary, BucketCounts Lenient)
{
    /// <summary>Gets no observation.</summary>
    public static Observed Nothing { get; } = new(BucketCounts.Empty, BucketCounts.Empty, BucketCounts.Empty);

    /// <summary>Gets the counts, and the sums of the places as the bad ones.</summary>
    public Block Block => new(Stable.Total, Stable.Moment, Canary.Total, Canary.Moment);

    /// <summary>Gets the same as a promotion counts it.</summary>
    public Observed ForPromotion => ReferenceEquals(Canary, Lenient) ? this : this with { Canary = Lenient };

    /// <summary>Makes an observation that rollback and promotion count alike.</summary>
    public static Observed Of(BucketCounts stable, BucketCounts canary) => new(stable, canary, canary);

    /// <summary>Adds other observations.</summary>
    public Observed Plus(Observed other)
    {
        var canary = Canary.Plus(other.Canary);
        return new(Stable.Plus(other.Stable), canary, ReferenceEquals(Canary, Lenient) && ReferenceEquals(other.Canary, other.Lenient) ? canary : Lenient.Plus(other.Lenient));
    }
}
