using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// How many times stable's bad rate the canary's is, by inversion: for each ratio of a grid both directions of the <see cref="RateTest"/> on the line through it, and the ratios that neither rejects. It holds at
/// any look, and where the base rate wanders; it decides nothing. Pure and thread-safe.
/// </summary>
internal static class RatioTest
{
    private static readonly ImmutableArray<double> Ratios = [0.5, 0.67, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2, 3, 5, 10, 20];

    private static readonly ImmutableArray<TestTerms> Tests =
        [.. from isWorse in new[] { true, false } from ratio in Ratios select new RateTerms { Line = new(0, ratio), Worse = isWorse, HalfLife = 50_000 }];

    /// <summary>Makes the terms: all tests on one track, which has no share in any verdict.</summary>
    /// <param name="measure">How bad answers are counted.</param>
    public static TrackTerms Of(Measure measure) => new() { Measure = measure, Rollback = Tests[0], Promotions = Tests[1..] };

    /// <summary>Finds the ratios that are not rejected; null for an end that is not known yet.</summary>
    /// <param name="evidence">What <see cref="Of"/>'s terms have seen.</param>
    /// <param name="designEffect">How many observations count as one.</param>
    /// <param name="alpha">How often an end may be wrong, above 0 and below 1.</param>
    public static (double? Low, double? High) Interval(TrackEvidence evidence, double designEffect, double alpha)
    {
        var rejected = evidence.Promotions.Insert(0, evidence.Rollback!).Select((state, i) => Tests[i].LogE(state, designEffect) >= Math.Log(1 / alpha)).ToArray();
        // Up to the first ratio that stands only: so one test alone guards each end, and none must pay for the others.
        var low = rejected[..Ratios.Length].TakeWhile(each => each).Count();
        var high = rejected[Ratios.Length..].Reverse().TakeWhile(each => each).Count();
        return (low == 0 ? null : Ratios[low - 1], high == 0 ? null : Ratios[^high]);
    }
}
