using AgentCanary.Analysis;
using AgentCanary.Control;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Control;

/// <summary>The laws S1 to S11 over whole histories of decisions and commands.</summary>
public class RolloutMachineLawTests
{
    private static readonly Gen<(AnalysisResult Analysis, int Command)> Steps =
        from verdict in Gen.Elements(Verdict.Inconclusive, Verdict.Pass, Verdict.Fail)
        from isUnconditional in Gen.Elements(false, false, true)
        from isDown in Gen.Elements(false, false, false, true)
        from minutes in Gen.Choose(0, 10)
        from command in Gen.Choose(-6, Some.Commands.Length - 1)
        select (new AnalysisResult { Verdict = verdict, IsUnconditional = isUnconditional, IsCanaryDown = isDown, Reason = "so it is", Soak = TimeSpan.FromMinutes(minutes) }, command);

    private static readonly Gen<bool> Flags = Gen.Elements(true, false);

    [Fact]
    public void Revisions_have_no_gap_and_nothing_leaves_an_end_but_a_person() => ForAllHistories((before, decision, command, after) =>
    {
        Assert.Equal(before.Revision + 1, after.Revision);
        if (before.IsTerminal) Assert.True(command is RolloutCommand.Retry or RolloutCommand.Supersede or RolloutCommand.Amend, $"{before.Phase} was left by {decision}");
    });

    [Fact]
    public void The_weight_never_falls_in_an_attempt_but_by_a_rollback() => ForAllHistories((before, _, _, after) =>
    {
        if (before.Attempt == after.Attempt && after.Phase is not (Phase.RolledBack or Phase.Pending)) Assert.True(after.Weight >= before.Weight);
        Assert.True(after.Phase is Phase.Completed || after.Weight <= after.CurrentStage.Weight);
    });

    [Fact]
    public void A_rollback_leaves_the_canary_nothing_until_a_new_attempt() => ForAllHistories((before, _, _, after) =>
    {
        if (after.Phase is Phase.RolledBack) Assert.Equal(Weight.None, after.Weight);
        if (before.Phase is Phase.RolledBack && after.Phase is not Phase.RolledBack) Assert.Equal((before.Attempt + 1, Phase.Pending), (after.Attempt, after.Phase));
    });

    [Fact]
    public void Nothing_that_failed_or_is_missing_promotes_by_itself() => Prop.ForAll(Arb.From(Steps), step =>
    {
        foreach (var phase in Enum.GetValues<Phase>())
        {
            var decision = RolloutMachine.Decide(Some.State(phase), step.Analysis);
            var mayPromote = phase is Phase.Progressing && step.Analysis is { Verdict: Verdict.Pass, IsCanaryDown: false } && step.Analysis.Soak >= TimeSpan.FromMinutes(5);
            Assert.Equal(mayPromote, decision is Decision.Promote or Decision.Complete);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_abort_wins_over_whatever_else_happens_and_happens_once() => Prop.ForAll(Arb.From(Steps.ListOf()), steps =>
    {
        var state = Some.State(Phase.Progressing, stage: 0);
        state = RolloutMachine.After(state, RolloutMachine.Decide(state, Some.Passed, new RolloutCommand.Rollback()), Some.Noon)!.Next;
        foreach (var (analysis, _) in steps) Assert.Null(RolloutMachine.After(state, RolloutMachine.Decide(state, analysis), Some.Noon));
        Assert.Equal(Phase.RolledBack, state.Phase);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Replaying_the_decisions_gives_the_same_states() => Prop.ForAll(Arb.From(Steps.ListOf()), steps =>
        Assert.Equal(Told(steps), Told(steps))).QuickCheckThrowOnFailure();

    private static IEnumerable<(long, Phase, PauseReason, int, int, ulong, string)> Told(IEnumerable<(AnalysisResult Analysis, int Command)> steps) =>
        Run(steps, approval: true, autoRollback: true).Select(state => (state.Revision, state.Phase, state.Pause, state.Stage, state.Attempt, state.Salt, state.Reason));

    private static void ForAllHistories(Action<RolloutState, Decision, RolloutCommand?, RolloutState> law) =>
        Prop.ForAll(Arb.From(Steps.ListOf()), Arb.From(Flags), Arb.From(Flags), (steps, approval, autoRollback) => { Run(steps, approval, autoRollback, law); }).QuickCheckThrowOnFailure();

    private static List<RolloutState> Run(
        IEnumerable<(AnalysisResult Analysis, int Command)> steps, bool approval, bool autoRollback, Action<RolloutState, Decision, RolloutCommand?, RolloutState>? law = null)
    {
        var spec = Some.With(stage => stage with { Approval = approval, AutoRollback = autoRollback });
        var states = new List<RolloutState> { Some.State(Phase.Pending, spec: spec) };
        foreach (var (analysis, index) in steps)
        {
            var command = index < 0 ? null : Some.Commands[index] is RolloutCommand.Supersede ? new RolloutCommand.Supersede(spec) : Some.Commands[index];
            var decision = RolloutMachine.Decide(states[^1], analysis, command);
            if (RolloutMachine.After(states[^1], decision, Some.Noon) is not { } transition) continue;
            law?.Invoke(states[^1], decision, command, transition.Next);
            states.Add(transition.Next);
        }
        return states;
    }
}
