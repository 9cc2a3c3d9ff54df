using System.Collections.Immutable;
using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

/// <summary>Values that are legal and otherwise of no account.</summary>
internal static class Some
{
    public static DateTimeOffset Noon { get; } = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    public static RolloutSpec Spec { get; } = new()
    {
        Agent = "support-agent",
        Stable = new("v1.0.0"),
        Canary = new("v1.1.0"),
        Stages = [.. new StagePlan(Stage(5), Stage(50), Stage(100)).Stages],
    };

    public static Stage Stage(double percent) => new(Weight.FromPercent(percent)) { BakeTime = TimeSpan.FromMinutes(5) };

    public static RolloutState State(Phase phase, int stage = 1, PauseReason pause = PauseReason.None, RolloutSpec? spec = null) => new()
    {
        Spec = spec ?? Spec,
        Phase = phase,
        Pause = phase is Phase.Paused && pause is PauseReason.None ? PauseReason.Person : pause,
        Stage = phase is Phase.Pending ? 0 : stage,
        StageEnteredAt = Noon,
        Revision = 7,
        Reason = "it was so",
    };

    public static AnalysisResult Passed { get; } = new() { Verdict = Verdict.Pass, Reason = "all checks hold", Soak = TimeSpan.FromMinutes(5) };

    public static AnalysisResult Open { get; } = new() { Verdict = Verdict.Inconclusive, Reason = "needs 31 more canary requests", Soak = TimeSpan.FromMinutes(5) };

    public static AnalysisResult Failed { get; } = new() { Verdict = Verdict.Fail, Reason = "a check failed", Soak = TimeSpan.FromMinutes(1) };

    public static AnalysisResult Unsafe { get; } = Failed with { Reason = "1 safety violation", IsUnconditional = true, IsUnsafe = true };

    public static AnalysisResult Dead { get; } = Failed with { Reason = "its probes fail", IsUnconditional = true };

    public static RolloutSpec With(Func<Stage, Stage> change) => Spec with { Stages = [.. Spec.Stages.Select(change)] };

    public static ImmutableArray<RolloutCommand> Commands { get; } =
    [
        new RolloutCommand.Start(), new RolloutCommand.Pause(), new RolloutCommand.Resume(), new RolloutCommand.Promote(), new RolloutCommand.Promote(Full: true),
        new RolloutCommand.Rollback(), new RolloutCommand.Approve(), new RolloutCommand.Retry(), new RolloutCommand.Supersede(Spec), new RolloutCommand.Amend(Spec),
    ];
}
