using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// The block two-sample e-process for rates (Turner, Ly and Grünwald 2024, JSPI 230:106116; margins after Turner and Grünwald 2023, arXiv 2203.09785), with predictable block
/// sizes, an affine tolerance line, a grid of odds for the canary, decay, and restarts. Pure and thread-safe.
/// </summary>
/// <remarks>
/// Why it is exact. Let p* be the alternative, p° its projection onto the line, and f_a = E_θ[p*/p°] of one request of arm a. By the conditions of the projection, every θ of the null
/// has n_c (f_c − 1) + n_s (f_s − 1) ≤ 0. By the inequality of means a block's expectation is f_c^n_c f_s^n_s ≤ ((n_c f_c + n_s f_s) / n)^n ≤ 1. The rates may change in any way between
/// blocks; the plug-in and the block's size are fixed without a look at its outcomes; a mixture with fixed weights keeps the property. So E is a supermartingale under the null, and
/// Ville's inequality gives P(E ever ≥ 1/α) ≤ α at any number of looks.
/// </remarks>
public static class RateTest
{
    private const double Edge = 1e-6;

    private static readonly double[] Odds = [1.5, 2.5, 5, 12, 40, 200];
    private static readonly double[] OddsLogWeights = LogWeights(1, 1.2, 1.5, 1.2, 1, 0.6);
    private static readonly double[] Steps = [0.5, 1, 1.5];
    private static readonly double[] StepsLogWeights = LogWeights(0.25, 0.6, 0.15);
    private static readonly double[] Below = [1.5, 2.5, 5];

    /// <summary>Begins a test.</summary>
    public static RateState Start(RateTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        var capital = RestartTerms.LogStart(terms.Restarts);
        return new() { Components = [.. Enumerable.Repeat(capital, terms.Worse ? Odds.Length : Steps.Length)], LogE = capital };
    }

    /// <summary>Adds a closed block.</summary>
    public static RateState Add(RateTerms terms, RateState state, Block block)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(state);
        var (injected, restarts) = RestartTerms.Due(terms.Restarts, state);
        var stable = Expected(terms, state);
        Span<double> weighted = stackalloc double[state.Components.Length];
        var components = ImmutableArray.CreateBuilder<double>(state.Components.Length);
        var logWeights = LogWeights(terms);
        for (var k = 0; k < state.Components.Length; k++)
        {
            components.Add(RestartTerms.Inject(state.Components[k], injected) + Gain(terms, Alternative(terms, stable, k), stable, block));
            weighted[k] = components[k] + logWeights[k];
        }
        var decay = terms.HalfLife > 0 ? Math.Pow(2, -block.StableCount / terms.HalfLife) : 1;
        var logE = Numerics.LogSumExp(weighted);
        return new()
        {
            Components = components.MoveToImmutable(),
            StableBad = (state.StableBad * decay) + block.StableBad,
            StableCount = (state.StableCount * decay) + block.StableCount,
            CanaryCount = state.CanaryCount + block.CanaryCount,
            Restarts = restarts,
            LogE = logE,
            LogMax = Math.Max(state.LogMax, logE),
        };
    }

    /// <summary>Gets stable's rate as it is expected from earlier blocks alone.</summary>
    public static double Expected(RateTerms terms, RateState state)
    {
        ArgumentNullException.ThrowIfNull(terms);
        ArgumentNullException.ThrowIfNull(state);
        return Math.Clamp((state.StableBad + (terms.PriorCount * terms.PriorMean)) / (state.StableCount + terms.PriorCount), Edge, 1 - Edge);
    }

    /// <summary>Gets ln of the share of the capital of each alternative.</summary>
    internal static double[] LogWeights(RateTerms terms) => terms.Worse ? OddsLogWeights : StepsLogWeights;

    /// <summary>Gets the canary's rate under an alternative.</summary>
    internal static double Alternative(RateTerms terms, double stable, int k)
    {
        var bound = terms.Line.At(stable);
        if (terms.Worse)
        {
            var odds = Odds[k] * bound / (1 - bound);
            return odds / (1 + odds);
        }
        // Without a margin the bound is stable's own rate or less, and betting on stable's wins nothing: the canary's then lies below the bound by odds of its own.
        var logit = Logit(bound) - (terms.Line is { A: 0, R: <= 1 } ? Math.Log(Below[k]) : Steps[k] * (Logit(bound) - Logit(stable)));
        return 1 / (1 + Math.Exp(-logit));
    }

    private static double Gain(RateTerms terms, double canary, double stable, Block block)
    {
        // No rate is above such a line: the alternative lies in the null itself, and there is nothing to bet on.
        if (terms.Worse && terms.Line.A + (terms.Line.R * stable) >= 1 - Edge) return 0;
        var (nullCanary, nullStable) = terms.Line.Project(canary, stable, block.CanaryCount, block.StableCount);
        return (block.CanaryBad * Math.Log(canary / nullCanary)) + ((block.CanaryCount - block.CanaryBad) * Math.Log((1 - canary) / (1 - nullCanary)))
            + (block.StableBad * Math.Log(stable / nullStable)) + ((block.StableCount - block.StableBad) * Math.Log((1 - stable) / (1 - nullStable)));
    }

    private static double Logit(double p) => Math.Log(p / (1 - p));

    private static double[] LogWeights(params double[] weights) => [.. weights.Select(weight => Math.Log(weight / weights.Sum()))];
}
