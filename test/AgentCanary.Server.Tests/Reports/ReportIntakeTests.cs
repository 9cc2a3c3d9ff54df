using AgentCanary.Control;
using AgentCanary.Metrics;
using AgentCanary.Server.Reports;
using AgentCanary.Testing;

namespace AgentCanary.Server.Tests.Reports;

public sealed class ReportIntakeTests
{
    private readonly ReportedSite _site = new();

    [Fact]
    public void A_score_counts_for_the_stage_and_the_arm_that_served_and_not_for_the_present_ones()
    {
        Assert.Equal(ReportFate.Counted, _site.Take("a", _site.Decision(Arm.Canary, stage: 0), 0.25));
        Assert.Equal(ReportFate.Counted, _site.Take("b", _site.Decision(Arm.Control, stage: 0), 0.75));
        Assert.Equal(ReportFate.Counted, _site.Take("c", _site.Decision(Arm.Canary, stage: 1), 1));

        var left = Assert.Single(_site.Evidence.Left);
        Assert.Equal((0, 1L, 0.25, 1L, 0.75), (left.Stage, left.Canary.Score("quality")!.Value.Count, left.Canary.Score("quality")!.Value.Mean, left.Control.Score("quality")!.Value.Count, left.Control.Score("quality")!.Value.Mean));
        Assert.Equal((1L, 1.0), (_site.Evidence.Canary.Score("quality")!.Value.Count, _site.Evidence.Canary.Score("quality")!.Value.Mean));
        Assert.Null(_site.Evidence.Control.Score("quality"));
    }

    [Fact]
    public void Only_the_first_report_with_an_id_counts_whatever_comes_after_it()
    {
        Assert.Equal(ReportFate.Counted, _site.Take("a", _site.Decision(), 0.25));
        Assert.Equal(ReportFate.Duplicate, _site.Take("a", _site.Decision(), 1));
        Assert.Equal(0.25, Assert.Single(_site.Evidence.Left).Canary.Score("quality")!.Value.Mean);
    }

    [Fact]
    public void What_cannot_count_says_why()
    {
        Assert.Equal(ReportFate.TooOld, _site.Take("a", _site.Decision(ago: TimeSpan.FromDays(8))));
        Assert.Equal(ReportFate.Counted, _site.Take("b", _site.Decision(ago: TimeSpan.FromDays(6.9))));
        Assert.Equal(ReportFate.Outside, _site.Take("c", _site.Decision(Arm.Outside)));
        Assert.Equal(ReportFate.Outside, _site.Take("d", _site.Decision(startTick: -2)));
        Assert.Equal(ReportFate.Over, _site.Take("e", _site.Decision(attempt: 1)));
        Assert.Equal(ReportFate.Over, _site.Take("f", _site.Decision(spec: ReportedSite.Spec with { Canary = new("v3") })));
        Assert.Equal(ReportFate.Unused, _site.Take("g", _site.Decision(), name: "charm"));
        Assert.Equal(ReportFate.Orphaned, _site.Take("h", "no-decision-of-ours"));
        Assert.Equal(ReportFate.Over, new ReportedSite(Phase.RolledBack) is var ended ? ended.Take("i", ended.Decision()) : default);
        Assert.Equal(1, Assert.Single(_site.Evidence.Left).Canary.Score("quality")!.Value.Count);
    }

    [Fact]
    public void A_report_of_an_unknown_conversation_waits_until_it_is_known()
    {
        var key = new JoinKey(JoinKind.Conversation, "thread-1", "support-agent");
        var decision = _site.Decision(Arm.Control);
        Assert.Equal(ReportFate.Parked, Assert.Single(_site.Intake.Take([ReportedSite.Score("a", key, 0.75)])));
        _site.Intake.Look();
        Assert.Equal(1, _site.Totals.Parked);

        _site.Learn(key, decision);
        _site.Time.Advance(TimeSpan.FromHours(23));
        _site.Intake.Look();

        Assert.Equal((0, 1L), (_site.Totals.Parked, _site.Totals[ReportKind.Score, ReportFate.Counted]));
        Assert.Equal(0.75, Assert.Single(_site.Evidence.Left).Control.Score("quality")!.Value.Mean);
        Assert.Equal(ReportFate.Duplicate, Assert.Single(_site.Intake.Take([ReportedSite.Score("a", key, 0.75)])));
    }

    [Fact]
    public void A_report_whose_conversation_is_not_known_after_a_day_is_an_orphan()
    {
        _site.Intake.Take([ReportedSite.Score("a", new(JoinKind.Response, "resp-1"))]);
        _site.Time.Advance(TimeSpan.FromHours(24) - TimeSpan.FromTicks(1));
        _site.Intake.Look();
        Assert.Equal(1, _site.Totals.Parked);

        _site.Time.Advance(TimeSpan.FromTicks(1));
        _site.Intake.Look();

        Assert.Equal((0, 1L), (_site.Totals.Parked, _site.Totals[ReportKind.Score, ReportFate.Orphaned]));
    }

    [Fact]
    public void Where_every_place_is_taken_an_unknown_report_is_an_orphan_at_once()
    {
        var reports = Enumerable.Range(0, 50_001).Select(i => ReportedSite.Score($"{i}", new(JoinKind.Task, $"task-{i}")));
        Assert.Equal(ReportFate.Orphaned, _site.Intake.Take([.. reports])[^1]);
        Assert.Equal(50_000, _site.Totals.Parked);
    }

    [Fact]
    public void A_safety_violation_that_is_found_later_rolls_back_whichever_stage_served()
    {
        var report = new Report(ReportKind.Outcome, "a", new(JoinKind.Decision, _site.Decision(Arm.Canary, stage: 0))) { Violations = 1 };
        Assert.Equal(ReportFate.Counted, Assert.Single(_site.Intake.Take([report])));
        Assert.Equal((Verdict.Fail, true), (_site.Runtime.Analyze().Verdict, _site.Runtime.Analyze().IsUnconditional));
    }

    [Fact]
    public void A_safety_violation_rolls_back_too_where_its_request_counted_for_nothing_else()
    {
        var warmUp = new JoinKey(JoinKind.Decision, _site.Decision(startTick: OutcomeRecorder.NoEvidence));
        Assert.Equal(ReportFate.Counted, Assert.Single(_site.Intake.Take([new(ReportKind.Outcome, "a", warmUp) { Violations = 1, Scores = [new("quality", 1)] }])));
        Assert.True(_site.Runtime.Analyze().IsUnconditional);
        Assert.Empty(_site.Evidence.Left);
    }

    [Fact]
    public void A_safety_violation_of_stable_is_none_of_the_canary()
    {
        var report = new Report(ReportKind.Outcome, "a", new(JoinKind.Decision, _site.Decision(Arm.Control))) { Violations = 1 };
        Assert.Equal(ReportFate.Unused, Assert.Single(_site.Intake.Take([report])));
        Assert.NotEqual(Verdict.Fail, _site.Runtime.Analyze().Verdict);
    }

    [Fact]
    public void A_score_and_an_outcome_may_have_the_same_id() => Assert.Equal(
        new[] { ReportFate.Counted, ReportFate.Counted, ReportFate.Duplicate },
        _site.Intake.Take([ReportedSite.Score("a", Key), ReportedSite.Score("a", Key) with { Kind = ReportKind.Outcome }, ReportedSite.Score("a", Key)]));

    [Fact]
    public void A_request_has_one_outcome_whatever_the_ids_of_its_reports()
    {
        var request = _site.Decided();
        var fates = _site.Intake.Take([Outcome("a", request, OutcomeClass.Ok), Outcome("b", request, OutcomeClass.ErrorUpstream), Outcome("c", _site.Decided(), OutcomeClass.Ok)]);

        Assert.Equal((ReportFate[])[ReportFate.Counted, ReportFate.Duplicate, ReportFate.Counted], fates);
        Assert.Equal((2L, 0L), (_site.Runtime.Status(Arm.Canary).Requests, _site.Runtime.Status(Arm.Canary).Errors));
    }

    [Fact]
    public void What_a_later_report_of_a_request_adds_is_late_evidence_once_for_each_id()
    {
        var request = _site.Decided();
        var late = Outcome("b", request, OutcomeClass.Safety) with { Scores = [new("task_completion", 1)] };
        Assert.Equal((ReportFate[])[ReportFate.Counted, ReportFate.Counted, ReportFate.Duplicate], _site.Intake.Take([Outcome("a", request, OutcomeClass.Ok), late, late]));

        Assert.Equal((1L, 0L, 1L), (_site.Runtime.Status(Arm.Canary).Requests, _site.Runtime.Status(Arm.Canary).Errors, _site.Evidence.SafetyViolations));
        Assert.Equal(1, _site.Evidence.Canary.Score("task_completion")!.Value.Count);
        Assert.True(_site.Runtime.Analyze().IsUnsafe);
    }

    private static Report Outcome(string id, JoinKey key, OutcomeClass outcome) =>
        new(ReportKind.Outcome, id, key) { Outcome = new() { Class = outcome, Latency = TimeSpan.FromMilliseconds(5) }, Violations = outcome is OutcomeClass.Safety ? 1 : 0 };

    private JoinKey Key => new(JoinKind.Decision, _site.Decision());
}
