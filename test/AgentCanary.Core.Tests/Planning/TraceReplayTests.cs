using AgentCanary.Spec;
using static AgentCanary.Planning.SomeTraces;

namespace AgentCanary.Planning;

public sealed class TraceReplayTests
{
    private const string NotWorse = "error_rate_delta < 0.05";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly RolloutSpec TwoStages = Rollout(Stage("initial", TimeSpan.FromMinutes(1), NotWorse));

    [Fact]
    public void A_canary_without_failures_goes_through_every_stage_and_completes()
    {
        var result = TraceReplay.Run(TwoStages, Trace.Of(Traffic(0, 600)), Second);
        Assert.Equal((Phase.Completed, 1), (result.Phase, result.Stage));
        Assert.Equal(["Promote", "Complete"], result.Decisions.Select(decision => decision.Name));
        Assert.Equal([(0, 1), (1, 1)], result.Decisions.Select(decision => (decision.FromStage, decision.ToStage)));
        Assert.Equal(result.At, result.Decisions[^1].At);
        Assert.Equal(result.Decisions[0].At + Second, result.At); // a last stage without bake time completes at the next tick
    }

    [Fact]
    public void A_canary_that_fails_is_rolled_back_with_its_figures_and_only_what_ended_before_is_counted()
    {
        var result = TraceReplay.Run(TwoStages, Trace.Of(Traffic(0, 600, canary => canary >= 40 && canary % 2 == 0)), Second);
        var decision = Assert.Single(result.Decisions);
        Assert.Equal((Phase.RolledBack, 0, "RollBack"), (result.Phase, result.Stage, decision.Name));
        Assert.Equal(decision.Reason, result.Reason);
        var check = Assert.Single(decision.Checks);
        Assert.Equal((NotWorse, Verdict.Fail), (check.Check, check.Verdict));
        Assert.InRange(result.At, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(60));
        var ended = Traffic(0, 600, canary => canary >= 40 && canary % 2 == 0).Where(outcome => outcome.Arm is Arm.Canary && outcome.EndedAt <= result.At).ToList();
        Assert.Equal((ended.Count, ended.Count(outcome => outcome.Outcome.Class.IsFailure)), (result.CanaryRequests, result.CanaryFailures));
    }

    [Fact]
    public void A_trace_that_ends_first_leaves_the_rollout_where_it_is_with_what_was_missing()
    {
        var result = TraceReplay.Run(TwoStages, Trace.Of(Traffic(0, 10)), Second);
        Assert.Equal((Phase.Progressing, 0, TimeSpan.FromSeconds(11)), (result.Phase, result.Stage, result.At)); // the last request ends after 10.4 s
        Assert.Empty(result.Decisions);
        Assert.NotEmpty(result.Reason);
    }

    [Fact]
    public void Another_model_in_the_midst_of_a_trace_is_told_and_changes_no_verdict()
    {
        var named = Traffic(0, 10).Select(outcome => outcome with { Outcome = outcome.Outcome with { Model = outcome.At < TimeSpan.FromSeconds(5) ? "old" : "new", Tokens = 10 } });
        var result = TraceReplay.Run(TwoStages, Trace.Of(named), Second);
        Assert.Equal((Phase.Progressing, "Alert"), (result.Phase, Assert.Single(result.Decisions).Name));
        Assert.Contains("another model answers for v1: 'new', where 'old' did", result.Decisions[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_trace_decides_nothing() => Assert.Equal(Phase.Progressing, TraceReplay.Run(TwoStages, Trace.Of(), Second).Phase);

    [Fact]
    public void Requests_outside_the_analysis_count_nowhere()
    {
        var inside = Traffic(0, 300, canary => canary >= 40 && canary % 2 == 0).ToList();
        var outside = inside.Select(outcome => outcome with { Arm = Arm.Outside, Outcome = outcome.Outcome with { Class = OutcomeClass.Safety } });
        AssertSame(TraceReplay.Run(TwoStages, Trace.Of(inside), Second), TraceReplay.Run(TwoStages, Trace.Of([.. outside, .. inside]), Second));
    }

    [Fact]
    public void A_safety_violation_rolls_back_at_the_moment_that_its_answer_came()
    {
        var spec = Rollout(Stage("initial", TimeSpan.FromMinutes(1), "safety_violations == 0"));
        var result = TraceReplay.Run(spec, Trace.Of([.. Traffic(0, 60), Outcome(12.25, Arm.Canary, OutcomeClass.Safety)]), Second);
        Assert.Equal((Phase.RolledBack, TimeSpan.FromSeconds(12.75), 1L), (result.Phase, result.At, result.CanaryFailures));
    }

    [Fact]
    public void A_request_that_outlasts_the_outcome_deadline_is_waited_for_and_is_no_failure()
    {
        // Every canary request takes 5 minutes; a process would have called them timed out after 2.
        var spec = TwoStages with { Analysis = TwoStages.Analysis with { OutcomeDeadline = TimeSpan.FromSeconds(120) } };
        var trace = Trace.Of(Traffic(0, 600).Select(outcome =>
            outcome.Arm is Arm.Canary ? outcome with { Outcome = outcome.Outcome with { Latency = TimeSpan.FromMinutes(5) } } : outcome));
        var result = TraceReplay.Run(spec, trace, Second);
        Assert.Equal(Phase.Completed, result.Phase);
        Assert.InRange(result.At, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(8));
        Assert.Equal(0, result.CanaryFailures);
    }

    [Fact]
    public void Failures_that_end_first_do_not_judge_a_tick_before_its_last_request_has_ended()
    {
        // Half of the canary's requests fail at once and half answer after a minute, just as control's do: until those have ended nothing is complete.
        var trace = Trace.Of(Traffic(0, 300).Select((outcome, i) => i / 5 % 2 == 0
            ? outcome with { Outcome = new() { Class = OutcomeClass.ErrorUpstream, Latency = TimeSpan.FromMilliseconds(10) } }
            : outcome with { Outcome = new() { Latency = TimeSpan.FromMinutes(1) } }));
        var spec = TwoStages with { Analysis = TwoStages.Analysis with { FastFailures = 0 } };
        Assert.NotEqual(Phase.RolledBack, TraceReplay.Run(spec, trace, Second).Phase);
    }

    [Fact]
    public void The_last_outcome_is_waited_for_however_long_after_the_last_start_it_comes()
    {
        var slow = Outcome(9.5, Arm.Canary, latency: 3600);
        var result = TraceReplay.Run(TwoStages, Trace.Of([.. Traffic(0, 10), slow]), Second);
        Assert.Equal((TimeSpan.FromSeconds(3610), 21L), (result.At, result.CanaryRequests));
    }

    [Fact]
    public void Hours_without_requests_let_bake_times_and_deadlines_pass_at_their_second()
    {
        var spec = Rollout(Stage("initial", TimeSpan.FromHours(5), NotWorse), Stage("more", TimeSpan.Zero, "error_rate_delta < 0.001") with { Deadline = TimeSpan.FromHours(30), OnDeadline = OnDeadline.RollBack });
        var result = TraceReplay.Run(spec, Trace.Of([.. Traffic(0, 600), Outcome(1_000_000, Arm.Control)]), Second);
        Assert.Equal([("Promote", TimeSpan.FromHours(5)), ("RollBack", TimeSpan.FromHours(35))], result.Decisions.Select(decision => (decision.Name, decision.At)));
    }

    [Fact]
    public void An_approval_is_taken_as_given_when_it_is_asked_for()
    {
        var approved = TwoStages with { Stages = [TwoStages.Stages[0] with { Approval = true }, TwoStages.Stages[1]] };
        AssertSame(TraceReplay.Run(TwoStages, Trace.Of(Traffic(0, 600)), Second), TraceReplay.Run(approved, Trace.Of(Traffic(0, 600)), Second));
    }

    [Theory]
    [InlineData(false, Phase.Paused, new[] { "Pause" })]
    [InlineData(true, Phase.RolledBack, new[] { "Pause", "RollBack" })]
    public void Nobody_resumes_what_a_deadline_paused_and_a_failed_check_rolls_it_back_all_the_same(bool failsLater, Phase phase, string[] decisions)
    {
        var spec = Rollout(Stage("initial", TimeSpan.FromHours(9), NotWorse) with { Deadline = TimeSpan.FromMinutes(2) });
        var result = TraceReplay.Run(spec, Trace.Of(Traffic(0, 600, canary => failsLater && canary > 500)), Second);
        Assert.Equal(phase, result.Phase);
        Assert.Equal(decisions, result.Decisions.Select(decision => decision.Name));
        Assert.Equal(TimeSpan.FromMinutes(2), result.Decisions[0].At);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(60)]
    public void Another_tick_judges_at_its_own_moments_and_reaches_the_same_end(double seconds)
    {
        var result = TraceReplay.Run(TwoStages, Trace.Of(Traffic(0, 900, canary => canary % 2 == 0)), TimeSpan.FromSeconds(seconds));
        Assert.Equal(Phase.RolledBack, result.Phase);
        Assert.Equal(0, result.At.Ticks % TimeSpan.FromSeconds(seconds).Ticks);
    }

    [Fact]
    public void A_tick_that_a_request_would_outlast_fifty_thousand_times_is_refused_and_the_least_is_told()
    {
        var trace = Trace.Of(Outcome(0, Arm.Canary, latency: 86_400));
        Assert.Equal(TimeSpan.FromSeconds(2), TraceReplay.LeastTick(trace));
        Assert.Throws<ArgumentOutOfRangeException>(() => TraceReplay.Run(TwoStages, trace, Second));
        Assert.Equal(TimeSpan.FromSeconds(86_400), TraceReplay.Run(TwoStages, trace, TimeSpan.FromSeconds(2)).At);
    }

    internal static void AssertSame(ReplayResult expected, ReplayResult actual) => Assert.Equal(Told(expected), Told(actual));

    internal static string Told(ReplayResult result) => string.Join('\n',
    [
        $"{result.Phase} {result.Stage} {result.At} {result.Reason} {result.CanaryRequests} {result.CanaryFailures}",
        .. result.Decisions.Select(decision => $"{decision.At} {decision.Name} {decision.FromStage} {decision.ToStage} {decision.Reason} {string.Join(' ', decision.Checks)}"),
    ]);
}
