using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>
/// What no test can beat: the fewest canary requests that any test with a bounded error needs on average before it says what is true (Wald 1945; Wald and Wolfowitz 1948). Pure and thread-safe.
/// </summary>
public static class WaldBound
{
    /// <summary>Gets the bound where stable's rate is not known: ln(1 / error) over the least divergence to any pair of rates on the line.</summary>
    /// <param name="line">The line that the rates are to be told from.</param>
    /// <param name="canary">The canary's rate, above 0 and below 1.</param>
    /// <param name="stable">Stable's rate, above 0 and below 1.</param>
    /// <param name="stablePerCanary">Stable requests for each canary request, above 0.</param>
    /// <param name="error">The highest probability of the wrong verdict, above 0 and below 1.</param>
    /// <returns>Canary requests; infinite where the rates lie on the line.</returns>
    public static double Requests(Line line, double canary, double stable, double stablePerCanary, double error)
    {
        var (xc, xs) = line.Project(canary, stable, 1, stablePerCanary);
        return Math.Log(1 / error) / (Numerics.BernoulliDivergence(canary, xc) + (stablePerCanary * Numerics.BernoulliDivergence(stable, xs)));
    }
}
