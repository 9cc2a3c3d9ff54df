using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Control;

public class RolloutMachineTests
{
    [Theory]
    [InlineData(Phase.Pending), InlineData(Phase.Progressing), InlineData(Phase.Paused)]
    public void A_safety_violation_rolls_back_from_every_phase_that_has_not_ended_whatever_the_stage_says(Phase phase)
    {
        var state = Some.State(phase, spec: Some.With(stage => stage with { AutoRollback = false }));
        Assert.IsType<Decision.RollBack>(RolloutMachine.Decide(state, Some.Unsafe));
    }

    [Theory]
    [InlineData(PauseReason.Person), InlineData(PauseReason.Approval), InlineData(PauseReason.Deadline), InlineData(PauseReason.Health)]
    public void A_failed_check_rolls_back_while_the_rollout_waits(PauseReason pause) =>
        Assert.IsType<Decision.RollBack>(RolloutMachine.Decide(Some.State(Phase.Paused, pause: pause), Some.Failed));

    [Theory]
    [InlineData(PauseReason.Person, "person"), InlineData(PauseReason.FailedCheck, "failed_check")]
    public void A_rollout_that_waits_says_why_by_the_name_that_its_readers_know(PauseReason pause, string name)
    {
        var state = Some.State(Phase.Paused, pause: pause);
        Assert.StartsWith($"paused ({name}): ", RolloutMachine.Decide(state, Some.Passed).Reason, StringComparison.Ordinal);
        var refused = Assert.IsType<Decision.Refuse>(RolloutMachine.Decide(state, Some.Passed, new RolloutCommand.Pause()));
        Assert.EndsWith($"({name})", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_auto_rollback_a_failed_check_pauses_with_its_reason()
    {
        var state = Some.State(Phase.Progressing, spec: Some.With(stage => stage with { AutoRollback = false }));
        var next = RolloutMachine.After(state, RolloutMachine.Decide(state, Some.Failed), Some.Noon)!.Next;
        Assert.Equal((Phase.Paused, PauseReason.FailedCheck, "a check failed"), (next.Phase, next.Pause, next.Reason));
    }

    [Theory]
    [InlineData(Phase.Completed), InlineData(Phase.RolledBack)]
    public void What_has_ended_stays_ended_whatever_the_evidence_says(Phase phase)
    {
        foreach (var analysis in new[] { Some.Passed, Some.Failed, Some.Unsafe, Some.Open })
        {
            var state = Some.State(phase);
            Assert.Null(RolloutMachine.After(state, RolloutMachine.Decide(state, analysis), Some.Noon));
        }
    }

    [Fact]
    public void A_stage_that_has_not_baked_long_enough_is_held_however_good_it_looks()
    {
        var decision = RolloutMachine.Decide(Some.State(Phase.Progressing), Some.Passed with { Soak = TimeSpan.FromMinutes(4.9) });
        Assert.Equal("stage 'stage-1' has run 4.9 min of 5 min", Assert.IsType<Decision.Hold>(decision).Reason);
    }

    [Fact]
    public void A_stage_with_checks_on_scores_waits_for_them_after_it_has_baked()
    {
        RolloutSpec Spec(string check) => Some.With(stage => stage with { ScoreGrace = TimeSpan.FromMinutes(30), Checks = [Check.Parse(check)] });
        Decision Decide(string check, double minutes, int stage = 1) =>
            RolloutMachine.Decide(Some.State(Phase.Progressing, stage, spec: Spec(check)), Some.Passed with { Soak = TimeSpan.FromMinutes(minutes) });

        Assert.Equal("stage 'stage-1' has baked and waits for late scores: 7 min of 30 min", Assert.IsType<Decision.Hold>(Decide("score.quality > 0.5", 12)).Reason);
        Assert.Equal("stage 'stage-1' has run 4 min of 5 min", Assert.IsType<Decision.Hold>(Decide("score.quality > 0.5", 4)).Reason);
        Assert.IsType<Decision.Hold>(Decide("task_completion_regression < 0.02", 34.9));
        Assert.IsType<Decision.Promote>(Decide("user_satisfaction > 0.5", 35));
        Assert.IsType<Decision.Promote>(Decide("error_rate < 0.5", 5));
        Assert.IsType<Decision.Hold>(Decide("score.quality > 0.5", 12, stage: 2));
        Assert.IsType<Decision.Complete>(Decide("score.quality > 0.5", 35, stage: 2));
    }

    [Fact]
    public void A_grace_for_scores_holds_no_rollback_up()
    {
        var spec = Some.With(stage => stage with { ScoreGrace = TimeSpan.FromDays(1), Checks = [Check.Parse("score.quality > 0.5")] });
        Assert.IsType<Decision.RollBack>(RolloutMachine.Decide(Some.State(Phase.Progressing, spec: spec), Some.Failed));
    }

    [Fact]
    public void A_last_stage_without_bake_time_still_waits_for_the_scores_that_it_checks()
    {
        var spec = Some.With(stage => stage with { BakeTime = TimeSpan.Zero, ScoreGrace = TimeSpan.FromMinutes(30), Checks = [Check.Parse("score.quality > 0.5")] });
        Assert.IsType<Decision.Hold>(RolloutMachine.Decide(Some.State(Phase.Progressing, stage: 2, spec: spec), Some.Passed with { Soak = TimeSpan.FromMinutes(1) }));
    }

    [Fact]
    public void Passed_stages_lead_to_the_next_one_and_the_last_one_completes()
    {
        Assert.Equal(2, Assert.IsType<Decision.Promote>(RolloutMachine.Decide(Some.State(Phase.Progressing, stage: 1), Some.Passed)).ToStage);
        Assert.IsType<Decision.Complete>(RolloutMachine.Decide(Some.State(Phase.Progressing, stage: 2), Some.Passed));
    }

    [Fact]
    public void A_last_stage_without_bake_time_completes_without_waiting_for_traffic()
    {
        var spec = Some.With(stage => stage with { BakeTime = TimeSpan.Zero });
        Assert.IsType<Decision.Complete>(RolloutMachine.Decide(Some.State(Phase.Progressing, stage: 2, spec: spec), Some.Open with { Soak = TimeSpan.Zero }));
        Assert.IsType<Decision.Hold>(RolloutMachine.Decide(Some.State(Phase.Progressing, stage: 1, spec: spec), Some.Open with { Soak = TimeSpan.Zero }));
    }

    [Fact]
    public void A_stage_with_approval_waits_for_a_person_once_it_is_passed_and_goes_on_when_approved()
    {
        var state = Some.State(Phase.Progressing, spec: Some.With(stage => stage with { Approval = true }));
        var paused = RolloutMachine.After(state, RolloutMachine.Decide(state, Some.Passed), Some.Noon)!.Next;
        Assert.Equal((Phase.Paused, PauseReason.Approval), (paused.Phase, paused.Pause));

        var approved = RolloutMachine.After(paused, RolloutMachine.Decide(paused, Some.Passed, new RolloutCommand.Approve()), Some.Noon)!.Next;
        Assert.Equal((Phase.Progressing, true), (approved.Phase, approved.Approved));
        var next = RolloutMachine.After(approved, RolloutMachine.Decide(approved, Some.Passed), Some.Noon)!.Next;
        Assert.Equal((2, false), (next.Stage, next.Approved));
    }

    [Theory]
    [InlineData(OnDeadline.Pause, typeof(Decision.Hold)), InlineData(OnDeadline.RollBack, typeof(Decision.RollBack)), InlineData(OnDeadline.Promote, typeof(Decision.Promote))]
    public void At_its_deadline_a_stage_without_a_verdict_does_what_the_file_says(OnDeadline onDeadline, Type expected)
    {
        var spec = Some.With(stage => stage with { Deadline = TimeSpan.FromHours(1), OnDeadline = onDeadline });
        Assert.IsType(expected, RolloutMachine.Decide(Some.State(Phase.Progressing, spec: spec), Some.Open with { Soak = TimeSpan.FromHours(1) }));
        Assert.IsType<Decision.Hold>(RolloutMachine.Decide(Some.State(Phase.Progressing, spec: spec), Some.Open with { Soak = TimeSpan.FromMinutes(59) }));
    }

    [Fact]
    public void A_rollout_that_was_resumed_after_its_deadline_is_not_paused_for_it_again()
    {
        var state = Some.State(Phase.Progressing, spec: Some.With(stage => stage with { Deadline = TimeSpan.FromHours(1) }));
        var late = Some.Open with { Soak = TimeSpan.FromHours(2) };
        var paused = RolloutMachine.After(state, RolloutMachine.Decide(state, late), Some.Noon)!.Next;
        Assert.Equal(PauseReason.Deadline, paused.Pause);
        var resumed = RolloutMachine.After(paused, RolloutMachine.Decide(paused, late, new RolloutCommand.Resume()), Some.Noon)!.Next;
        Assert.Equal(PauseReason.None, Assert.IsType<Decision.Hold>(RolloutMachine.Decide(resumed, late)).Pause);
    }

    [Fact]
    public void People_are_told_of_a_finding_once_in_a_stage()
    {
        var state = Some.State(Phase.Progressing, stage: 0);
        var broken = Some.Open with { Alert = Alert.Share, Reason = "routing or logging is broken" };
        var told = RolloutMachine.After(state, RolloutMachine.Decide(state, broken), Some.Noon)!;
        Assert.Equal(("alert", "routing or logging is broken", Phase.Progressing), (told.Event.Type, told.Event.Reason, told.Next.Phase));
        Assert.Null(RolloutMachine.After(told.Next, RolloutMachine.Decide(told.Next, broken), Some.Noon));
        Assert.NotNull(RolloutMachine.After(told.Next, RolloutMachine.Decide(told.Next, broken with { Alert = Alert.Silence }), Some.Noon));

        var later = RolloutMachine.After(told.Next, RolloutMachine.Decide(told.Next, Some.Passed), Some.Noon)!.Next;
        Assert.Equal("alert", RolloutMachine.After(later, RolloutMachine.Decide(later, broken), Some.Noon)!.Event.Type);
    }

    [Fact]
    public void No_deadline_promotes_on_evidence_that_is_known_to_be_wrong()
    {
        var state = Some.State(Phase.Progressing, spec: Some.With(stage => stage with { Deadline = TimeSpan.FromHours(1), OnDeadline = OnDeadline.Promote }));
        var decision = RolloutMachine.Decide(state, Some.Open with { Soak = TimeSpan.FromHours(1), Alert = Alert.Share });
        Assert.Equal(PauseReason.Deadline, Assert.IsType<Decision.Hold>(decision).Pause);
    }

    [Fact]
    public void A_canary_that_fails_its_probes_pauses_the_rollout() =>
        Assert.Equal(PauseReason.Health, Assert.IsType<Decision.Hold>(RolloutMachine.Decide(Some.State(Phase.Progressing), Some.Open with { IsCanaryDown = true })).Pause);

    [Fact]
    public void A_promotion_that_was_decided_on_an_earlier_stage_is_not_applied_twice()
    {
        var state = Some.State(Phase.Progressing, stage: 1);
        var promote = RolloutMachine.Decide(state, Some.Passed);
        var next = RolloutMachine.After(state, promote, Some.Noon)!.Next;
        Assert.Null(RolloutMachine.After(next, promote, Some.Noon));
    }

    [Fact]
    public void A_promotion_names_the_checks_that_it_rests_on()
    {
        var analysis = Some.Passed with { Checks = [new CheckResult { Check = "error_rate < 0.1", Verdict = Verdict.Pass, Canary = 0.01, CanaryCount = 500, Reason = "holds" }] };
        var state = Some.State(Phase.Progressing);
        var transition = RolloutMachine.After(state, RolloutMachine.Decide(state, analysis), Some.Noon)!;
        Assert.Equal(analysis.Checks, transition.Event.Evidence);
        Assert.Equal(("stage_entered", 1, 2), (transition.Event.Type, transition.Event.FromStage, transition.Event.ToStage));
    }
}
