namespace AgentCanary.Analysis.Sequential;

/// <summary>
/// Capital kept back and injected as the rollout goes on, so that a regression that starts late is found as fast as an early one: a Shiryaev–Roberts recursion with a budget
/// (compare the e-detectors of Shin, Ramdas and Rinaldo, 2023). The sum of all capital stays 1, so the guarantee of Ville's inequality stays.
/// </summary>
/// <param name="Start">The capital at the start: 0.75 by default.</param>
/// <param name="Every">The canary requests between injections: 500 by default.</param>
/// <param name="Count">How many injections there are: 16 by default.</param>
public sealed record RestartTerms(double Start = 0.75, long Every = 500, int Count = 16)
{
    /// <summary>Gets ln of the capital that a test begins with.</summary>
    internal static double LogStart(RestartTerms? terms) => terms is null ? 0 : Math.Log(terms.Start);

    /// <summary>Gets ln of the capital that is due before the next block, and how many injections were made with it.</summary>
    internal static (double LogCapital, int Restarts) Due(RestartTerms? terms, TestState state)
    {
        if (terms is null) return (double.NegativeInfinity, 0);
        var due = (int)Math.Min(state.CanaryCount / terms.Every, terms.Count);
        return due > state.Restarts ? (Math.Log((1 - terms.Start) / terms.Count * (due - state.Restarts)), due) : (double.NegativeInfinity, state.Restarts);
    }

    /// <summary>Adds capital to that of an alternative.</summary>
    internal static double Inject(double component, double logCapital) => logCapital > double.NegativeInfinity ? Numerics.LogAdd(component, logCapital) : component;
}
