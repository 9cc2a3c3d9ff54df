namespace AgentCanary.Analysis.Sequential;

/// <summary>What a sequential test tests. Immutable and thread-safe.</summary>
public abstract record TestTerms
{
    /// <summary>Gets the capital that is kept for late regressions; null for none.</summary>
    public RestartTerms? Restarts { get; init; }

    /// <summary>Begins the test.</summary>
    internal abstract TestState Start();

    /// <summary>Adds a closed block to a state that <see cref="Start"/> began.</summary>
    internal abstract TestState Add(TestState state, Observed block);

    /// <summary>Gets ln of the share of the capital that an alternative began with.</summary>
    private protected abstract double LogWeight(int alternative);

    /// <summary>
    /// Gets ln E where observations of one user resemble each other: the gain of each alternative divided by the design effect, a quasi-likelihood. It is calibrated by simulation and not proven;
    /// at 1 it is ln E itself.
    /// </summary>
    internal double LogE(TestState state, double designEffect)
    {
        if (designEffect <= 1) return state.LogE;
        Span<double> logs = stackalloc double[state.Components.Length];
        for (var k = 0; k < logs.Length; k++) logs[k] = LogWeight(k) + (state.Components[k] / designEffect);
        return Numerics.LogSumExp(logs);
    }

    /// <summary>Tells whether a state is one of this test.</summary>
    internal abstract bool Fits(TestState state);
}
