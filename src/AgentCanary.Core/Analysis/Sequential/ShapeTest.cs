using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// The whole-distribution test of latency over six bins that are cut at stable's frozen quantiles: is the canary slower at all? Two to three times faster than a test on one
/// percentile. Each alternative moves the normal scores of the bins by d; p_c / p_0 rises in the bins, so E ≤ 1 for every canary that is stochastically not slower,
/// by the proof of <see cref="RateTest"/>. Pure and thread-safe.
/// </summary>
public static class ShapeTest
{
    /// <summary>The number of bins: below the 50th, 75th, 90th, 95th and 99th percentile, and above.</summary>
    public const int BinCount = 6;

    /// <summary>Gets the quantiles between the bins.</summary>
    internal static ImmutableArray<double> Quantiles { get; } = [0.5, 0.75, 0.9, 0.95, 0.99];

    private const double PriorCount = 200;
    private const double Least = 1e-12;

    private static readonly double[] Prior = [0.5, 0.25, 0.15, 0.05, 0.04, 0.01];
    private static readonly double[] Shifts = [0.1, 0.25, 0.5, 1, 2];

    /// <summary>Gets ln of the share of the capital of each shift: all have the same.</summary>
    internal static double LogWeight { get; } = -Math.Log(Shifts.Length);

    /// <summary>Begins a test.</summary>
    public static ShapeState Start(ShapeTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var capital = RestartTerms.LogStart(terms.Restarts);
        return new() { Components = [.. Enumerable.Repeat(capital, Shifts.Length)], Stable = [.. new long[BinCount]], LogE = capital };
    }

    /// <summary>Adds a closed block of bin counts, <see cref="BinCount"/> of each arm; failures belong in the last bin.</summary>
    public static ShapeState Add(ShapeTerms terms, ShapeState state, ReadOnlySpan<long> canary, ReadOnlySpan<long> stable)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(state);
        Span<double> expected = stackalloc double[BinCount];
        Span<double> scores = stackalloc double[BinCount];
        Expect(state, expected, scores);
        var (injected, restarts) = RestartTerms.Due(terms.Restarts, state);
        var components = ImmutableArray.CreateBuilder<double>(Shifts.Length);
        Span<double> weighted = stackalloc double[Shifts.Length];
        for (var d = 0; d < Shifts.Length; d++)
        {
            components.Add(RestartTerms.Inject(state.Components[d], injected) + Gain(Shifts[d], scores, expected, canary, stable));
            weighted[d] = components[d] + LogWeight;
        }
        var logE = Numerics.LogSumExp(weighted);
        var seen = state.Stable.ToBuilder();
        for (var j = 0; j < BinCount; j++) seen[j] += stable[j];
        return new()
        {
            Components = components.MoveToImmutable(),
            Stable = seen.MoveToImmutable(),
            CanaryCount = state.CanaryCount + Sum(canary),
            Restarts = restarts,
            LogE = logE,
            LogMax = Math.Max(state.LogMax, logE),
        };
    }

    // Stable's bins as earlier blocks alone expect them, and the normal scores of their upper ends.
    private static void Expect(ShapeState state, Span<double> expected, Span<double> scores)
    {
        var (total, cumulative) = (state.Stable.Sum(), 0.0);
        for (var j = 0; j < BinCount; j++)
        {
            expected[j] = (state.Stable[j] + (PriorCount * Prior[j])) / (total + PriorCount);
            cumulative += expected[j];
            scores[j] = j == BinCount - 1 ? double.PositiveInfinity : Numerics.PhiInverse(cumulative);
        }
    }

    private static double Gain(double shift, ReadOnlySpan<double> scores, ReadOnlySpan<double> expected, ReadOnlySpan<long> canary, ReadOnlySpan<long> stable)
    {
        var (canaryCount, stableCount) = (Sum(canary), Sum(stable));
        var (gain, below) = (0.0, 0.0);
        for (var j = 0; j < BinCount; j++)
        {
            var upTo = double.IsPositiveInfinity(scores[j]) ? 1 : Numerics.Phi(scores[j] - shift);
            var alternative = Math.Max(Least, upTo - below);
            var pooled = ((canaryCount * alternative) + (stableCount * expected[j])) / (canaryCount + stableCount);
            if (canary[j] > 0) gain += canary[j] * Math.Log(alternative / pooled);
            if (stable[j] > 0) gain += stable[j] * Math.Log(expected[j] / pooled);
            below = upTo;
        }
        return gain;
    }

    private static long Sum(ReadOnlySpan<long> counts)
    {
        var sum = 0L;
        foreach (var count in counts) sum += count;
        return sum;
    }
}
