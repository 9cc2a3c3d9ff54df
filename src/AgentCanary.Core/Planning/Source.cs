using System.Collections.Immutable;
using AgentCanary.Metrics;

namespace AgentCanary.Planning;

/// <summary>How the answers of both versions fall into the places of a test, worst last, in a made rollout. Two checks that observe the same have the same source.</summary>
/// <param name="stable">The share of stable's answers in each place; 1 in sum.</param>
/// <param name="canary">The canary's.</param>
internal sealed class Source(ImmutableArray<double> stable, ImmutableArray<double> canary)
{
    /// <summary>Gets how bad the canary's answers are on average, 0 to 1: of two places, the share of bad ones.</summary>
    public double CanaryBad => Mean(canary);

    /// <summary>Gets the same of stable's.</summary>
    public double StableBad => Mean(stable);

    /// <summary>Gets how many stable answers come before the first that counts: its quantiles are frozen first.</summary>
    public long StableBefore { get; init; }

    /// <summary>Gets whether the canary alone is observed.</summary>
    public bool IsOneSample { get; init; }

    /// <summary>Makes the source of bad and good answers.</summary>
    public static Source Of(double stableBad, double canaryBad) => new([1 - stableBad, stableBad], [1 - canaryBad, canaryBad]);

    public BucketCounts DrawStable(SplitMix64 random, long count) => Draw(random, count, stable);

    public BucketCounts DrawCanary(SplitMix64 random, long count) => Draw(random, count, canary);

    private static double Mean(ImmutableArray<double> shares) => shares.Select((share, place) => share * place).Sum() / (shares.Length - 1);

    // From the worst place down, each out of what the places before have left.
    private static BucketCounts Draw(SplitMix64 random, long count, ImmutableArray<double> shares)
    {
        Span<long> places = stackalloc long[shares.Length];
        var left = 1.0;
        for (var place = shares.Length - 1; place > 0 && count > 0; place--)
        {
            places[place] = Binomial.Draw(random, count, Math.Min(1, shares[place] / left));
            count -= places[place];
            left -= shares[place];
        }
        places[0] += count;
        return BucketCounts.Of(places);
    }
}
