using AgentCanary.Metrics;

namespace AgentCanary.Analysis.Sequential;

/// <summary>What a <see cref="ShapeTest"/> tests: whether the canary is slower at all, beyond the margin that its cuts were multiplied by.</summary>
public sealed record ShapeTerms : TestTerms
{
    /// <inheritdoc/>
    internal override TestState Start() => ShapeTest.Start(this);

    /// <inheritdoc/>
    internal override TestState Add(TestState state, Observed block) =>
        ShapeTest.Add(this, (ShapeState)state, Places(block.Canary, stackalloc long[ShapeTest.BinCount]), Places(block.Stable, stackalloc long[ShapeTest.BinCount]));

    /// <inheritdoc/>
    private protected override double LogWeight(int alternative) => ShapeTest.LogWeight;

    /// <inheritdoc/>
    internal override bool Fits(TestState state) => state is ShapeState && state.Components.Length == ShapeTest.Start(this).Components.Length;

    private static ReadOnlySpan<long> Places(BucketCounts counts, Span<long> into)
    {
        for (var place = 0; place < into.Length; place++) into[place] = counts[place];
        return into;
    }
}
