using AgentCanary.Analysis.Sequential;
using AgentCanary.Planning;

namespace AgentCanary.Decisions;

/// <summary>One stream of requests and one test of rates, looked at after every closed block.</summary>
internal static class RateRun
{
    /// <summary>ln of the evidence that rolls back: 1 / α of 100.</summary>
    public static readonly double Rollback = Math.Log(100);

    /// <summary>ln of the evidence that promotes: 1 / β of 20.</summary>
    public static readonly double Promotion = Math.Log(20);

    /// <summary>Gets the product's rollback test at a line.</summary>
    public static RateTerms Worse(Line line) => new() { Line = line, HalfLife = 50_000, Restarts = new() };

    /// <summary>Gets the product's promotion test at a line.</summary>
    public static RateTerms NotWorse(Line line) => new() { Line = line, Worse = false, HalfLife = 50_000 };

    /// <summary>Serves requests until the evidence is there.</summary>
    /// <param name="random">The generator.</param>
    /// <param name="terms">The test.</param>
    /// <param name="world">The conditions after so many canary requests.</param>
    /// <param name="most">After how many canary requests the run is given up.</param>
    /// <returns>The canary requests that it took, or null.</returns>
    public static long? Until(SplitMix64 random, RateTerms terms, Func<long, Conditions> world, long most)
    {
        var (requests, state, wanted) = (new Requests(random, world), RateTest.Start(terms), terms.Worse ? Rollback : Promotion);
        while (requests.CanaryCount < most)
        {
            state = RateTest.Add(terms, state, requests.NextBlock());
            if (state.LogE >= wanted) return requests.CanaryCount;
        }
        return null;
    }
}
