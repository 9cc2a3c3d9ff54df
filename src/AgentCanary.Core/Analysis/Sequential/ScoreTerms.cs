using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What a <see cref="ScoreTest"/> tests: the canary's mean against <see cref="Slope"/> · stable's mean − <see cref="Margin"/>.</summary>
/// <param name="Margin">How far the canary's mean may lie below that line, as a share of the range; its negative is an absolute bound where the slope is 0.</param>
/// <param name="Worse">True gathers evidence that it lies further below (rollback), false that it does not (promotion).</param>
public sealed record ScoreTerms(double Margin, bool Worse = true) : TestTerms
{
    /// <summary>Gets what stable's mean is multiplied by: 1 unless set; below 1 for a relative margin, 0 where the bound is absolute and stable does not matter.</summary>
    public double Slope { get; init; } = 1;

    /// <inheritdoc/>
    internal override TestState Start() => ScoreTest.Start(this);

    /// <inheritdoc/>
    internal override TestState Add(TestState state, Observed block) =>
        ScoreTest.Add(this, (ScoreState)state, Scores(block.Canary, stackalloc long[ScoreTest.Places]), Scores(block.Stable, stackalloc long[ScoreTest.Places]));

    /// <inheritdoc/>
    private protected override double LogWeight(int alternative) => ScoreTest.LogWeight(this, alternative);

    /// <inheritdoc/>
    internal override bool Fits(TestState state) => state is ScoreState && state.Components.Length == ScoreTest.Start(this).Components.Length;

    // A higher place is a worse observation, and a higher score a better one.
    private static ReadOnlySpan<long> Scores(BucketCounts counts, Span<long> into)
    {
        for (var place = 0; place < into.Length; place++) into[into.Length - 1 - place] = counts[place];
        return into;
    }
}
