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

    /// <summary>Tells whether a state is one of this test.</summary>
    internal abstract bool Fits(TestState state);
}
