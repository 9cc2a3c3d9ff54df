using System.Collections.Immutable;
using AgentCanary.Spec;

namespace AgentCanary.Planning;

/// <summary>
/// Looks ahead at a rollout before it starts: plays it many times with equal versions, and with bad canaries, through the tests that will judge it. Pure and thread-safe; equal seeds give equal
/// outlooks.
/// </summary>
public static class RolloutPlanner
{
    /// <summary>How many rollouts are played: their medians lie within about 5 % of those of many more.</summary>
    public const int Runs = 400;

    /// <summary>How long a rollout may take before it says that it cannot decide: 14 days.</summary>
    public static TimeSpan Longest { get; } = TimeSpan.FromDays(14);

    /// <summary>Plans a rollout.</summary>
    /// <param name="spec">The rollout.</param>
    /// <param name="traffic">Its traffic.</param>
    /// <param name="baseline">How stable does.</param>
    /// <param name="within">The time that it should end in, or null for <see cref="Longest"/>.</param>
    /// <param name="seed">The seed of all that is drawn.</param>
    public static Outlook Plan(RolloutSpec spec, Traffic traffic, Baseline baseline, TimeSpan? within = null, ulong seed = 1) => Plan(spec, traffic, baseline, within, seed, Runs);

    internal static Outlook Plan(RolloutSpec spec, Traffic traffic, Baseline baseline, TimeSpan? within, ulong seed, int runs)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(traffic);
        ArgumentNullException.ThrowIfNull(baseline);
        var script = Script.Of(spec, traffic, baseline);
        var played = Rehearsal.Play(script, runs, seed);
        ImmutableArray<StageOutlook> stages = 
        [
            .. script.Stages.Select((stage, i) => Stage(script, stage, [.. played.Select(run => run[i])], spec.Analysis.Beta) with { BadCanaries = BadIn(script, stage, baseline, seed, runs) }),
        ];
        var outlook = new Outlook
        {
            Spec = spec,
            Traffic = traffic,
            Assumptions = [.. Assumptions.Of(spec, script, traffic, baseline)],
            Stages = stages,
            Seconds = Rehearsal.Total(played),
        };
        outlook = outlook with { FastAlarm = FalseAlarm.Of(spec.Analysis.FastFailures, baseline.ErrorRate, outlook.CanaryRequests) };
        var isLate = outlook.Seconds.P90 > (within ?? Longest).TotalSeconds;
        var fitting = within is null && !isLate ? null : new FitSearch(outlook, baseline, within ?? Longest, seed, runs).Find();
        return outlook with { Fitting = fitting, Warnings = [.. new Warnings(outlook with { Fitting = fitting }, script, baseline).All()] };
    }

    private static StageOutlook Stage(Script script, StageScript stage, ImmutableArray<StagePassage> played, double beta)
    {
        var seconds = Spread.Of(played.Select(run => run.Seconds));
        var cause = played.GroupBy(run => run.Cause).MaxBy(group => group.Count())!.Key;
        return new()
        {
            Stage = stage.Stage,
            CanaryPerSecond = stage.CanaryPerSecond,
            Seconds = seconds,
            WaitsFor = cause.Name(stage),
            UsersExposed = seconds.Median * stage.CanaryPerSecond / stage.PerUser,
            Checks = [.. stage.Checks.Select((check, i) => Check(script, stage, i, [.. played.Select(run => run.Checks[i])], beta))],
        };
    }

    private static ImmutableArray<BadCanaryOutlook> BadIn(Script script, StageScript stage, Baseline baseline, ulong seed, int runs) =>
        script.Terms is { } terms && stage is { AsksNothing: false, HasControl: true } ? [.. new BadCanaries(terms, baseline, seed).Outlooks(stage, runs)] : [];

    private static CheckOutlook Check(Script script, StageScript stage, int place, ImmutableArray<(double Total, double InStage)> played, double beta)
    {
        var (check, proof) = (stage.Checks[place], stage.Proofs[place]);
        var seconds = Spread.Of(played.Select(run => stage.SecondsFor(run.InStage)));
        return new()
        {
            Check = check,
            Shows = Shown.By(check, proof, script.Terms is { } terms && terms.IndexOf(check) is >= 0 and var index ? terms.Checks[index] : null, beta),
            IsGating = proof is not Proof.Free && !stage.AsksNothing,
            Samples = Spread.Of(played.Select(run => run.Total)),
            SamplesInStage = Spread.Of(played.Select(run => run.InStage)),
            Seconds = seconds,
            DecidesInTime = seconds.P90 <= (stage.Stage.Deadline?.TotalSeconds ?? double.MaxValue),
        };
    }
}
