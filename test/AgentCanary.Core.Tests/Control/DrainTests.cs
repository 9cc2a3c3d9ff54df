using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

public sealed class DrainTests
{
    private static readonly RolloutSpec Draining = Some.Spec with { PinsOnRollback = PinsOnRollback.Drain, PinTimeToLive = TimeSpan.FromHours(2) };

    [Theory, InlineData(PinsOnRollback.Release), InlineData(PinsOnRollback.Drain), InlineData(PinsOnRollback.Cut)]
    public void A_rollback_does_with_conversations_what_the_file_says(PinsOnRollback rule)
    {
        var spec = Some.Spec with { PinsOnRollback = rule };
        Assert.Equal(rule, RolledBack(Some.Failed, spec).Pins);
        Assert.Equal(rule, RolledBack(Some.Open, spec, new RolloutCommand.Rollback()).Pins);
    }

    [Theory, InlineData(PinsOnRollback.Release), InlineData(PinsOnRollback.Drain), InlineData(PinsOnRollback.Cut)]
    public void A_canary_that_is_unsafe_is_cut_whatever_the_file_says_and_whoever_rolls_back(PinsOnRollback rule)
    {
        var spec = Some.Spec with { PinsOnRollback = rule };
        Assert.Equal(PinsOnRollback.Cut, RolledBack(Some.Unsafe, spec).Pins);
        Assert.Equal(PinsOnRollback.Cut, RolledBack(Some.Unsafe, spec, new RolloutCommand.Rollback()).Pins);
        Assert.Equal(PinsOnRollback.Cut, RolledBack(Some.Unsafe, spec, new RolloutCommand.Promote()).Pins);
    }

    [Fact]
    public void No_conversation_drains_on_a_canary_that_is_dead()
    {
        Assert.Equal(PinsOnRollback.Cut, RolledBack(Some.Dead, Draining).Pins);
        Assert.Equal(PinsOnRollback.Release, RolledBack(Some.Dead, Some.Spec).Pins);
    }

    [Fact]
    public void What_drains_has_a_deadline_and_its_plan_says_so()
    {
        var state = RolledBack(Some.Failed, Draining);
        Assert.Equal(Some.Noon.AddHours(2), state.DrainUntil);
        Assert.True(PlanCompiler.Compile(state).IsDraining);
        Assert.Null(RolledBack(Some.Failed, Some.Spec).DrainUntil);
        Assert.Null((state with { Phase = Phase.Progressing }).DrainUntil);
        Assert.False(PlanCompiler.Compile(state with { Pins = PinsOnRollback.Cut }).IsDraining);
    }

    [Fact]
    public void Drained_is_an_event_of_its_own_and_why_the_rollout_was_rolled_back_stays_its_reason()
    {
        var before = RolledBack(Some.Failed, Draining);
        var drained = Do(before, new RolloutCommand.Drained { Reason = "no conversation is left" })!;

        Assert.Equal(("drained", "no conversation is left", before.Revision + 1), (drained.Event.Type, drained.Event.Reason, drained.Event.Revision));
        Assert.Equal((Phase.RolledBack, PinsOnRollback.Release, before.Reason), (drained.Next.Phase, drained.Next.Pins, drained.Next.Reason));
        Assert.Null(drained.Next.DrainUntil);
        Assert.Null(Do(drained.Next, new RolloutCommand.Drained()));
    }

    [Fact]
    public void What_still_drains_on_a_canary_that_turns_out_to_be_unsafe_is_cut_and_that_is_served_before_it_is_written()
    {
        var before = RolledBack(Some.Failed, Draining);
        var decision = RolloutMachine.Decide(before, Some.Unsafe, new RolloutCommand.Drained());
        var next = RolloutMachine.After(before, decision, Some.Noon)!.Next;
        Assert.Equal((PinsOnRollback.Cut, before.Reason, true), (next.Pins, next.Reason, decision.OnlyLowers));
    }

    [Fact]
    public void Nothing_drains_unless_it_was_rolled_back()
    {
        foreach (var phase in Enum.GetValues<Phase>()) Assert.Null(Do(Some.State(phase, spec: Draining), new RolloutCommand.Drained()));
    }

    [Fact]
    public void A_new_attempt_ends_the_draining() =>
        Assert.Equal(PinsOnRollback.Release, Do(RolledBack(Some.Failed, Draining), new RolloutCommand.Retry())!.Next.Pins);

    private static RolloutState RolledBack(AnalysisResult analysis, RolloutSpec spec, RolloutCommand? command = null)
    {
        var state = Some.State(Phase.Progressing, spec: spec);
        return RolloutMachine.After(state, RolloutMachine.Decide(state, analysis, command), Some.Noon)!.Next;
    }

    private static Transition? Do(RolloutState state, RolloutCommand command) =>
        RolloutMachine.After(state, RolloutMachine.Decide(state, null, command), Some.Noon);
}
