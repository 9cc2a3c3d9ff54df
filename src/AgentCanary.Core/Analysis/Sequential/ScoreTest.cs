using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Two-sample block betting for scores in [0, 1], lower is worse: the bounded analogue of <see cref="RateTest"/> (betting after Waudby-Smith and Ramdas 2024; two streams after
/// Cho, Gan and Kallus 2024). Exact for any variance and any number of scores. Pure and thread-safe.
/// </summary>
/// <remarks>E[block] ≤ (1 + κ(μ_s − δ − μ_c)/n)ⁿ ≤ 1 for any centre m that earlier blocks fix, by the inequality of means.</remarks>
public static class ScoreTest
{
    private const double PriorSum = 5;
    private const double PriorCount = 10;
    private const double PriorSquares = 10.0 / 3;

    private static readonly double[] Fractions = [0.02, 0.05, 0.1, 0.2, 0.4, 0.8];
    private static readonly double[] Steps = [0.5, 1, 1.5];
    private static readonly double[] StepWeights = [0.25, 0.6, 0.15];

    /// <summary>Begins a test.</summary>
    public static ScoreState Start(ScoreTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        return new() { Components = [.. new double[terms.Worse ? Fractions.Length : Steps.Length]] };
    }

    /// <summary>Adds a closed block of scores, each in [0, 1].</summary>
    public static ScoreState Add(ScoreTerms terms, ScoreState state, ReadOnlySpan<double> canary, ReadOnlySpan<double> stable)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(state);
        var centre = (state.Sum + PriorSum) / (state.Count + PriorCount);
        var variance = ((state.Squares + PriorSquares) / (state.Count + PriorCount)) - (centre * centre);
        var components = ImmutableArray.CreateBuilder<double>(state.Components.Length);
        Span<double> weighted = stackalloc double[state.Components.Length];
        for (var k = 0; k < state.Components.Length; k++)
        {
            var stake = Stake(terms, centre, variance, canary.Length, stable.Length, k);
            var sign = terms.Worse ? 1 : -1;
            var gain = 0.0;
            foreach (var score in canary) gain += Math.Log(1 + (sign * stake / canary.Length * (centre - terms.Margin - score)));
            foreach (var score in stable) gain += Math.Log(1 + (sign * stake / stable.Length * (score - centre)));
            components.Add(state.Components[k] + gain);
            weighted[k] = components[k] + Math.Log(terms.Worse ? 1.0 / Fractions.Length : StepWeights[k]);
        }
        var logE = Numerics.LogSumExp(weighted);
        var (sum, squares) = (state.Sum, state.Squares);
        foreach (var score in stable) (sum, squares) = (sum + score, squares + (score * score));
        return new() { Components = components.MoveToImmutable(), Sum = sum, Squares = squares, Count = state.Count + stable.Length, LogE = logE, LogMax = Math.Max(state.LogMax, logE) };
    }

    private static double Stake(ScoreTerms terms, double centre, double variance, int canaryCount, int stableCount, int k)
    {
        if (terms.Worse) return Fractions[k] * Math.Min(canaryCount / (1 - centre + terms.Margin), stableCount / centre);
        var most = 0.9 * Math.Min(canaryCount / (centre - terms.Margin), stableCount / (1 - centre));
        return Math.Min(most, Steps[k] * terms.Margin / (variance * ((1.0 / canaryCount) + (1.0 / stableCount))));
    }
}
