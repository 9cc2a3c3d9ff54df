namespace AgentCanary.Analysis.Sequential;

/// <summary>What a <see cref="RateTest"/> tests, and what it expects. Immutable and thread-safe.</summary>
public sealed record RateTerms : TestTerms
{
    /// <summary>Gets the tolerance line.</summary>
    public Line Line { get; init; } = Line.Equal;

    /// <summary>Gets the direction: true gathers evidence that the canary is worse than the line (rollback), false that it is not (promotion).</summary>
    public bool Worse { get; init; } = true;

    /// <summary>Gets the stable rate that is expected before any data: 0.01 unless set. Only speed depends on it, never validity.</summary>
    public double PriorMean { get; init; } = 0.01;

    /// <summary>Gets how many requests that expectation is worth: 50 unless set.</summary>
    public double PriorCount { get; init; } = 50;

    /// <summary>Gets after how many stable requests an old one counts half in the estimate of stable's rate; 0 never forgets.</summary>
    public double HalfLife { get; init; }

    /// <inheritdoc/>
    internal override TestState Start() => RateTest.Start(this);

    /// <inheritdoc/>
    internal override TestState Add(TestState state, Observed block) => RateTest.Add(this, (RateState)state, block.Block);

    /// <inheritdoc/>
    private protected override double LogWeight(int alternative) => RateTest.LogWeights(this)[alternative];

    /// <inheritdoc/>
    internal override bool Fits(TestState state) => state is RateState && state.Components.Length == RateTest.Start(this).Components.Length;
}
