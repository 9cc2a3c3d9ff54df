using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Two-sample block betting for scores in [0, 1], lower is worse: the bounded analogue of <see cref="RateTest"/> (betting after Waudby-Smith and Ramdas 2024; two streams after
/// Cho, Gan and Kallus 2024). Exact for any variance and any number of scores. Pure and thread-safe.
/// </summary>
/// <remarks>
/// The null is μ_c ≥ r·μ_s − δ. With the centre m of earlier stable scores and the bound b = r·m − δ each canary score x pays 1 + (κ/n_c)(b − x) and each stable score 1 + (κ/n_s)·r·(x − m), so
/// E[block] ≤ (1 + κ(r·μ_s − δ − μ_c)/n)ⁿ ≤ 1 for any m that earlier blocks fix, by the inequality of means: exact for relative margins (r ≠ 1) as for absolute ones. With r = 0 the bound is
/// absolute and the canary's scores alone are bet on.
/// </remarks>
public static class ScoreTest
{
    /// <summary>The number of different scores: hundredths, 0 and 1 included.</summary>
    public const int Places = 101;

    private const double PriorSum = 5;
    private const double PriorCount = 10;
    private const double PriorSquares = 10.0 / 3;
    private const double Edge = 1e-6;

    private static readonly double[] Fractions = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8];
    private static readonly double[] Steps = [0.5, 1, 1.5];
    private static readonly double[] StepWeights = [0.25, 0.6, 0.15];

    /// <summary>Begins a test.</summary>
    public static ScoreState Start(ScoreTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var capital = RestartTerms.LogStart(terms.Restarts);
        return new() { Components = [.. Enumerable.Repeat(capital, terms.Worse ? Fractions.Length : Steps.Length)], LogE = capital };
    }

    /// <summary>Gets ln of the share of the capital of an alternative.</summary>
    internal static double LogWeight(ScoreTerms terms, int alternative) => Math.Log(terms.Worse ? 1.0 / Fractions.Length : StepWeights[alternative]);

    /// <summary>Adds a closed block.</summary>
    /// <param name="terms">The terms.</param>
    /// <param name="state">What earlier blocks left.</param>
    /// <param name="canary">How often the canary had each score, <see cref="Places"/> of them from 0 to 1.</param>
    /// <param name="stable">How often stable had each.</param>
    public static ScoreState Add(ScoreTerms terms, ScoreState state, ReadOnlySpan<long> canary, ReadOnlySpan<long> stable)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(state);
        var (injected, restarts) = RestartTerms.Due(terms.Restarts, state);
        var centre = (state.Sum + PriorSum) / (state.Count + PriorCount);
        var variance = ((state.Squares + PriorSquares) / (state.Count + PriorCount)) - (centre * centre);
        var bound = Math.Min((terms.Slope * centre) - terms.Margin, 1 - Edge);
        var (canaryCount, stableCount) = (Sum(canary).Count, Sum(stable).Count);
        var components = ImmutableArray.CreateBuilder<double>(state.Components.Length);
        Span<double> weighted = stackalloc double[state.Components.Length];
        for (var k = 0; k < state.Components.Length; k++)
        {
            var stake = terms.Worse ? Fractions[k] * Most(terms, centre, bound, canaryCount, stableCount) : Step(terms, centre, bound, variance, canaryCount, stableCount, k);
            var gain = Gain(canary, bound, -stake / canaryCount) + (terms.Slope > 0 ? Gain(stable, centre, stake * terms.Slope / stableCount) : 0);
            components.Add(RestartTerms.Inject(state.Components[k], injected) + gain);
            weighted[k] = components[k] + LogWeight(terms, k);
        }
        var logE = Numerics.LogSumExp(weighted);
        var (count, sum, squares) = Sum(terms.Slope > 0 ? stable : canary);
        return new()
        {
            Components = components.MoveToImmutable(),
            Sum = state.Sum + sum,
            Squares = state.Squares + squares,
            Count = state.Count + count,
            CanaryCount = state.CanaryCount + canaryCount,
            Restarts = restarts,
            LogE = logE,
            LogMax = Math.Max(state.LogMax, logE),
        };
    }

    // The stake at which the worst score of either arm costs all.
    private static double Most(ScoreTerms terms, double centre, double bound, long canaryCount, long stableCount) =>
        Math.Min(canaryCount / (1 - bound), terms.Slope > 0 ? stableCount / (terms.Slope * centre) : double.PositiveInfinity);

    // The other direction: a stake in proportion to the distance that is to be shown, with its sign turned round.
    private static double Step(ScoreTerms terms, double centre, double bound, double variance, long canaryCount, long stableCount, int k)
    {
        var most = 0.9 * Math.Min(canaryCount / Math.Max(bound, Edge), terms.Slope > 0 ? stableCount / (terms.Slope * (1 - centre)) : double.PositiveInfinity);
        var spread = variance * ((1.0 / canaryCount) + (terms.Slope > 0 ? terms.Slope * terms.Slope / stableCount : 0));
        return -Math.Min(most, Math.Max(0, Steps[k] * (centre - bound) / spread));
    }

    // Σ ln(1 + slope · (score − centre)).
    private static double Gain(ReadOnlySpan<long> counts, double centre, double slope)
    {
        var gain = 0.0;
        for (var place = 0; place < counts.Length; place++)
        {
            if (counts[place] > 0) gain += counts[place] * Math.Log(1 + (slope * ((place / 100.0) - centre)));
        }
        return gain;
    }

    private static (long Count, double Sum, double Squares) Sum(ReadOnlySpan<long> counts)
    {
        var (count, hundredths, squares) = (0L, 0L, 0L);
        for (var place = 0; place < counts.Length; place++)
            (count, hundredths, squares) = (count + counts[place], hundredths + (counts[place] * place), squares + (counts[place] * place * place));
        return (count, hundredths / 100.0, squares / 10_000.0);
    }
}
