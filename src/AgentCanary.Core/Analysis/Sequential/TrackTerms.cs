using System.Collections.Immutable;

namespace AgentCanary.Analysis.Sequential;

/// <summary>One way to observe what a check is about, with the tests that eat these observations in the same blocks. Immutable and thread-safe.</summary>
internal sealed record TrackTerms
{
    /// <summary>Gets how observations are read from a tick.</summary>
    internal Measure Measure { get; init; } = new Measure.Share(MetricKind.ErrorRate);

    /// <summary>Gets the test that the canary is worse; null where a bound is tested by <see cref="Gate"/> on the totals.</summary>
    public TestTerms? Rollback { get; init; }

    /// <summary>Gets the tests that the canary is not worse, one for each margin; all run from the start.</summary>
    public ImmutableArray<TestTerms> Promotions { get; init; } = [];

    /// <summary>Gets the share of the capital that a rollback is decided by; 0 where the check may not roll back. All shares of a rollout are 1 in sum.</summary>
    public double Share { get; init; }

    /// <summary>Gets whether it tests that the canary is worse than stable beside a check that compares with a bound alone: what both versions break says nothing against one.</summary>
    public bool IsBeside { get; init; }

    /// <summary>Gets whether the canary alone is observed, so that a block needs no stable request.</summary>
    public bool IsOneSample { get; init; }
}
