using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Analysis;

/// <summary>All that a verdict rests on, as values. Immutable and thread-safe.</summary>
public sealed record AnalysisInput
{
    /// <summary>Gets the stage's terms.</summary>
    public required Stage Stage { get; init; }

    /// <summary>Gets the checks of the stage; see <see cref="StageChecks"/>.</summary>
    public required ImmutableArray<Check> Checks { get; init; }

    /// <summary>Gets the canary's outcomes in this stage.</summary>
    public MetricWindow Canary { get; init; } = MetricWindow.Empty;

    /// <summary>Gets control's outcomes over the same ticks.</summary>
    public MetricWindow Control { get; init; } = MetricWindow.Empty;

    /// <summary>Gets the canary's outcomes of the last 60 s.</summary>
    public MetricWindow CanaryFast { get; init; } = MetricWindow.Empty;

    /// <summary>Gets control's outcomes of the last 60 s.</summary>
    public MetricWindow ControlFast { get; init; } = MetricWindow.Empty;

    /// <summary>Gets control's outcomes of the last stage that had a control, or null.</summary>
    public MetricWindow? LastControl { get; init; }

    /// <summary>Gets the stages that were left and had scores reported since; none unless set.</summary>
    public ImmutableArray<LeftStage> Left { get; init; } = [];

    /// <summary>Gets whether scores, or violations that are not tolerated, came after the rollout had ended.</summary>
    public bool IsNewAfterEnd { get; init; }

    /// <summary>Gets the names of the scores that are compared less what is expected of each user; none unless set.</summary>
    public ImmutableArray<string> Adjusted { get; init; } = [];

    /// <summary>Gets the models whose answers told their tokens and have no price, as they are shown to people; none unless set.</summary>
    public ImmutableArray<string> UnpricedModels { get; init; } = [];

    /// <summary>Gets whether this stage leaves eligible users on stable.</summary>
    public bool HasControl { get; init; } = true;

    /// <summary>Gets whether this stage gives the canary any users.</summary>
    public bool HasCanary { get; init; } = true;

    /// <summary>Gets whether this stage shows requests to the canary as a shadow.</summary>
    public bool IsShadowed { get; init; }

    /// <summary>Gets the canary's safety violations in this attempt, counted on arrival.</summary>
    public long SafetyViolations { get; init; }

    /// <summary>Gets what the fast rule looks at.</summary>
    public FastRule Fast { get; init; }

    /// <summary>Gets how many canary failures in a row the fast rule needs, 0 for never.</summary>
    public int FastFailures { get; init; } = 10;

    /// <summary>Gets how many requests an arm needs before a check may fail: the smaller of this and the stage's minimum.</summary>
    public int MinRequestsToFail { get; init; } = 50;

    /// <summary>Gets the highest probability of a false promotion, which says how many clean requests exclude a rate.</summary>
    public double Beta { get; init; } = 0.05;

    /// <summary>Gets whether a stage is left when every check is kept by what was seen; otherwise it must be proven.</summary>
    public bool PromotionObserved { get; init; }

    /// <summary>Gets the canary's finished requests a second in the last minutes; null where nobody measured them.</summary>
    public double? CanaryPerSecond { get; init; }

    /// <summary>Gets when a missing outcome counts as a failure.</summary>
    public TimeSpan OutcomeDeadline { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Gets the canary's outcomes of this stage that came after the deadline.</summary>
    public long CanaryLate { get; init; }

    /// <summary>Gets control's outcomes of this stage that came after the deadline.</summary>
    public long ControlLate { get; init; }

    /// <summary>Gets the terms of the sequential tests; null where plain figures are compared.</summary>
    public SequentialTerms? Terms { get; init; }

    /// <summary>Gets the evidence of the sequential tests; null where plain figures are compared.</summary>
    public SequentialEvidence? Evidence { get; init; }

    /// <summary>Gets the canary's share of the users where it is another one than the plan says; null while it is not.</summary>
    public KeyShare? BrokenShare { get; init; }

    /// <summary>Gets for how long the canary has been called without an outcome; null while it is not silent.</summary>
    public Silence? Silence { get; init; }

    /// <summary>Gets how long requests that start are no evidence yet; zero while they are.</summary>
    public TimeSpan WarmUpLeft { get; init; }

    /// <summary>Gets how long the stage has run.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Gets what the canary's probes say; null while it is healthy.</summary>
    public CanaryFault? CanaryFault { get; init; }
}
