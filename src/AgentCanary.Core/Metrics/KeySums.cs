namespace AgentCanary.Metrics;

/// <summary>Sums over users that tell how much the requests of one user resemble each other.</summary>
internal readonly record struct KeySums(double Requests, double Failures, double Products, double RequestSquares, double FailureSquares)
{
    /// <summary>Adds a user.</summary>
    public KeySums Plus(double requests, double failures) => new(
        Requests + requests, Failures + failures, Products + (requests * failures), RequestSquares + (requests * requests), FailureSquares + (failures * failures));

    /// <summary>
    /// Gets the design effect, how many requests are worth one independent request: Σ (e − p·n)² / (p (1 − p) Σ n) over the users' failures e of n requests, at the rate p of all; 1 at least. It is the variance
    /// of a ratio of sums over that of independent requests (Deng, Knoblich and Lu 2018).
    /// </summary>
    public double DesignEffect
    {
        get
        {
            var p = Failures / Requests;
            return p is > 0 and < 1 ? Math.Max(1, (FailureSquares - (2 * p * Products) + (p * p * RequestSquares)) / (p * (1 - p) * Requests)) : 1;
        }
    }
}
