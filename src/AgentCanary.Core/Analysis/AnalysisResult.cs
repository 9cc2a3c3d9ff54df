using System.Collections.Immutable;

namespace AgentCanary.Analysis;

/// <summary>What the evidence says of a stage now.</summary>
public sealed record AnalysisResult
{
    private static readonly Deferred<string> NoReason = "";
    private static readonly Deferred<ValueTuple<TimeSpan?>> NoEta = default(ValueTuple<TimeSpan?>);

    private readonly Deferred<string> _reason = NoReason;
    private readonly Deferred<ValueTuple<TimeSpan?>> _eta = NoEta;

    /// <summary>Gets the verdict of all checks together.</summary>
    public Verdict Verdict { get; init; }

    /// <summary>Gets whether the failure holds for stages with <c>auto_rollback: false</c> too: safety, or health.</summary>
    public bool IsUnconditional { get; init; }

    /// <summary>Gets whether the failure is one of safety, so that not even what is under way may go on.</summary>
    public bool IsUnsafe { get; init; }

    /// <summary>Gets whether the canary fails its probes, so that stable serves and the rollout waits.</summary>
    public bool IsCanaryDown { get; init; }

    /// <summary>Gets whether something was reported after the rollout had ended, which can change nothing any more and is told.</summary>
    public bool IsNewAfterEnd { get; init; }

    /// <summary>Gets the finding that stands against a verdict and that only people can mend.</summary>
    public Alert Alert { get; init; }

    /// <summary>Gets the models that came to a version in the midst of the attempt, in the order in which they came; none unless set. They change no verdict, and are told.</summary>
    public ImmutableArray<ModelChange> ModelChanges { get; init; } = [];

    /// <summary>Gets the sentence for people.</summary>
    public string Reason { get => _reason.Value; init => _reason = value; }

    internal Deferred<ValueTuple<TimeSpan?>> When { init => _eta = value; }

    internal Deferred<string> Because { get => _reason; init => _reason = value; }

    /// <summary>Gets every check with its numbers.</summary>
    public ImmutableArray<CheckResult> Checks { get; init; } = [];

    /// <summary>Gets how long the stage has run, without pauses and without the time that nobody watched.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>Gets the time until a verdict at the present rate, or null where it cannot be told.</summary>
    public TimeSpan? Eta { get => _eta.Value.Item1; init => _eta = ValueTuple.Create(value); }
}
