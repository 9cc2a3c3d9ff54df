using System.Collections.Immutable;

namespace AgentCanary;

/// <summary>One step of a rollout: how many users the canary gets, for how long at least, and what must hold. Immutable and thread-safe.</summary>
/// <param name="Weight">The canary's share of the eligible users.</param>
public sealed record Stage(Weight Weight)
{
    /// <summary>Gets the name, unique in the plan; <c>stage-N</c> unless set.</summary>
    public string Name { get; init; } = "";

    /// <summary>Gets how long the stage lasts at least: 0 s unless set. Counted in running time, so a clock that jumps cannot shorten it.</summary>
    public TimeSpan BakeTime { get; init; }

    /// <summary>Gets how many requests each compared arm needs before the stage may be left: 50 unless set, 0 or more.</summary>
    public int MinRequests { get; init; } = 50;

    /// <summary>Gets how many distinct sticky keys the canary needs before the stage may be left: 1 unless set, 0 or more.</summary>
    public int MinUsers { get; init; } = 1;

    /// <summary>Gets the longest time in the stage, or null for no limit. Counted like <see cref="BakeTime"/>.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>Gets what happens when <see cref="Deadline"/> has passed.</summary>
    public OnDeadline OnDeadline { get; init; }

    /// <summary>Gets whether a person must approve before the stage is left.</summary>
    public bool Approval { get; init; }

    /// <summary>Gets whether a failed check rolls back: true unless set; false pauses. Safety and health roll back in either case.</summary>
    public bool AutoRollback { get; init; } = true;

    /// <summary>Gets the cohorts that are eligible in this stage; empty means everybody.</summary>
    public ImmutableArray<string> Cohorts { get; init; } = [];

    /// <summary>Gets the share of eligible traffic that is shadowed to the canary.</summary>
    public Weight Shadow { get; init; }

    /// <summary>Gets how long a stage with checks on scores goes on after it has baked, so that the scores of what it served can come: 0 s unless set. Counted like <see cref="BakeTime"/>.</summary>
    public TimeSpan ScoreGrace { get; init; }

    /// <summary>Gets how long the stage lasts at least: its bake time and, where it has checks on scores, their grace after it.</summary>
    public TimeSpan LeastTime => !Checks.IsDefault && Checks.Any(check => check.Metric.ScoreName is not null) ? BakeTime + ScoreGrace : BakeTime;

    /// <summary>Gets the checks, or the default array where the stage names none and gets <see cref="DefaultChecks"/>; an empty array means no checks.</summary>
    public ImmutableArray<Check> Checks { get; init; }

    /// <summary>Gets whether no check of the stage ever has data: at weight 0 the canary has no users, and nothing but the agreement of its shadow is judged.</summary>
    public bool JudgesNothing => Weight == Weight.None && (Checks.IsDefault || Checks.All(check => check.Metric.Kind is not MetricKind.ShadowAgreement));

    /// <summary>Gets the lowest share of successful calls that may leave the stage, 0 to 1, or null for none. Short for checks; see <see cref="StagePlan"/>.</summary>
    public double? MinSuccessRate { get; init; }

    /// <summary>Gets the 95th percentile of latency that the canary must stay below, or null for none. Short for <c>p95_latency &lt; …</c>.</summary>
    public TimeSpan? MaxP95 { get; init; }

    /// <summary>Gets the checks of a stage that names none.</summary>
    public static ImmutableArray<Check> DefaultChecks { get; } =
        [Check.Parse("safety_violations == 0"), Check.Parse("error_rate_increase < 0.10"), Check.Parse("p95_latency_increase < 0.5")];
}
