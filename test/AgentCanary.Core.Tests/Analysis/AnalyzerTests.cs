using AgentCanary.Analysis;
using AgentCanary.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Analysis;

public class AnalyzerTests
{
    [Fact]
    public void What_is_missing_is_said_in_a_sentence_with_the_number()
    {
        var result = Arms.Input(Arms.Window(19), Arms.Window(500), "error_rate_increase < 0.1").Analyze();
        Assert.Equal((Verdict.Inconclusive, "needs 31 more canary requests (2 min at 0.32 req/s)"), (result.Verdict, result.Reason));
        Assert.Equal(60 * 31 / 19.0, result.Eta!.Value.TotalSeconds, tolerance: 1);
        Assert.Equal("needs 40 more control requests", Arms.Input(Arms.Window(500), Arms.Window(10), "error_rate_increase < 0.1").Analyze().Reason);
    }

    [Fact]
    public void One_user_with_many_requests_is_not_enough_where_the_stage_asks_for_users()
    {
        var input = Arms.Input(Arms.Window(15), Arms.Window(500), "error_rate < 0.1");
        input = input with { Stage = input.Stage with { MinRequests = 10, MinUsers = 20 } };
        Assert.Equal("needs 5 more canary users", input.Analyze().Reason);
        Assert.Equal(Verdict.Pass, (input with { Canary = Arms.Window(40) }).Analyze().Verdict);
    }

    [Fact]
    public void No_traffic_never_passes() => Assert.Equal(Verdict.Inconclusive, NoRequests("error_rate_increase < 0.1", "success_rate >= 0.9", "safety_violations == 0").Verdict);

    [Fact]
    public void A_single_safety_violation_fails_at_once_and_without_conditions()
    {
        var result = (Arms.Input(Arms.Window(1), MetricWindow.Empty, "safety_violations == 0") with { SafetyViolations = 1 }).Analyze();
        Assert.Equal((Verdict.Fail, true, "1 safety violation on the canary, where none is tolerated"), (result.Verdict, result.IsUnconditional, result.Reason));
    }

    [Theory]
    [InlineData("safety_violations == 0", 1, true), InlineData("safety_violations < 3", 3, true), InlineData("error_rate < 0.01", 3, false), InlineData("safety_violations < 30", 3, false)]
    public void A_failure_says_whether_it_is_one_of_safety(string check, int violations, bool isUnsafe)
    {
        var canary = Arms.Window(100, violations, failure: OutcomeClass.Safety);
        var result = (Arms.Input(canary, Arms.Window(100), check) with { SafetyViolations = violations }).Analyze();
        Assert.Equal((check.EndsWith("30", StringComparison.Ordinal) ? Verdict.Pass : Verdict.Fail, isUnsafe), (result.Verdict, result.IsUnsafe));
    }

    [Theory]
    [InlineData("safety_violations <= 2", 3, OnFail.RollBack), InlineData("safety_violations < 3", 3, OnFail.RollBack)]
    [InlineData("safety_violations == 0", 1, OnFail.Hold), InlineData("safety_violations < 1", 1, OnFail.Hold)]
    public void Violations_that_were_reported_of_answers_that_looked_well_or_were_no_evidence_break_a_check_that_tolerates_some(string check, int violations, OnFail onFail)
    {
        var stable = Arms.Window(100, 50, failure: OutcomeClass.Safety);
        foreach (var input in new[] { Arms.Input(Arms.Window(100), stable, check), Arms.Input(MetricWindow.Empty, stable, check) })
        {
            var result = (input with { SafetyViolations = violations }).With(one => one with { OnFail = onFail }).Analyze();
            Assert.Equal((Verdict.Fail, (double?)violations), (result.Checks[0].Verdict, result.Checks[0].Canary));
            Assert.Equal(onFail is OnFail.RollBack ? Verdict.Fail : Verdict.Inconclusive, result.Verdict);
            Assert.NotEqual(Verdict.Fail, (input with { SafetyViolations = violations - 1 }).With(one => one with { OnFail = onFail }).Analyze().Checks[0].Verdict);
        }
    }

    [Theory, InlineData("safety_violations < 1"), InlineData("safety_violations <= 0")]
    public void Less_than_one_violation_is_none(string check)
    {
        var result = (Arms.Input(MetricWindow.Empty, MetricWindow.Empty, check) with { SafetyViolations = 1 }).Analyze();
        Assert.Equal((Verdict.Fail, true, true), (result.Verdict, result.IsUnconditional, result.IsUnsafe));
    }

    [Fact]
    public void A_safety_violation_counts_even_while_both_versions_are_down()
    {
        var input = Arms.Input(Arms.Window(100, 100), Arms.Window(100, 100), "safety_violations == 0");
        Assert.Equal(Verdict.Fail, (input with { CanaryFast = input.Canary, ControlFast = input.Control, SafetyViolations = 1 }).Analyze().Verdict);
    }

    [Fact]
    public void No_violation_says_which_rate_that_excludes_and_a_check_may_ask_for_more()
    {
        var input = Arms.Input(Arms.Window(299), Arms.Window(299), "safety_violations == 0");
        Assert.Contains("excludes a rate above 1 %", input.Analyze().Checks[0].Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Pass, input.With(check => check with { MaxRate = 0.01 }).Analyze().Verdict);
        Assert.Equal(Verdict.Inconclusive, input.With(check => check with { MaxRate = 0.001 }).Analyze().Verdict);
    }

    [Theory]
    [InlineData(10, 5, 0, true), InlineData(9, 5, 0, false), InlineData(10, 4, 0, false), InlineData(10, 10, 5, false), InlineData(10, 10, 4, true)]
    public void The_fast_rule_needs_ten_failures_in_a_row_and_a_control_that_mostly_works(int inARow, long finished, long failed, bool isBroken)
    {
        var result = (Arms.Input(Arms.Window(10, 10), Arms.Window(10), "error_rate_increase < 0.1") with { Fast = new(inARow, finished, failed) }).Analyze();
        Assert.Equal(isBroken, result is { Verdict: Verdict.Fail, IsUnconditional: true });
        Assert.False(new FastRule(inARow, finished, failed).IsBroken(failures: 0));
    }

    [Fact]
    public void An_outage_of_both_versions_is_evidence_of_nothing()
    {
        var down = Arms.Window(100, 60);
        var result = (Arms.Input(down, Arms.Window(100, 50), "error_rate_increase < 0.1") with { CanaryFast = down, ControlFast = Arms.Window(100, 50) }).Analyze();
        Assert.Equal(Verdict.Inconclusive, result.Verdict);
        Assert.StartsWith("both versions fail", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_that_take_longer_than_the_deadline_make_the_deadline_the_finding()
    {
        var input = Arms.Input(Arms.Window(1000, 20), Arms.Window(1000), "error_rate_increase < 0.1") with { CanaryLate = 20, OutcomeDeadline = TimeSpan.FromSeconds(10) };
        Assert.Equal(Verdict.Inconclusive, input.Analyze().Verdict);
        Assert.Contains("outcome_deadline", input.Analyze().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unhealthy_canary_is_no_verdict_until_it_has_been_so_for_too_long()
    {
        var input = Arms.Input(Arms.Window(500), Arms.Window(500), "error_rate < 0.1");
        Assert.Equal((Verdict.Inconclusive, true), Told((input with { CanaryFault = new("3 probes failed", IsFinal: false) }).Analyze()));
        Assert.Equal((Verdict.Fail, false), Told((input with { CanaryFault = new("3 probes failed", IsFinal: true) }).Analyze()));
        static (Verdict, bool) Told(AnalysisResult result) => (result.Verdict, result.IsCanaryDown);
    }

    [Fact]
    public void Making_a_canary_outcome_worse_never_turns_a_hold_or_a_rollback_into_a_promotion()
    {
        var cases = from requests in Gen.Choose(50, 400)
                    from failures in Gen.Choose(0, 50)
                    from worse in Gen.Choose(1, 30)
                    from controlFailures in Gen.Choose(0, 50)
                    select (requests, failures: Math.Min(failures, requests), worse, controlFailures);
        Prop.ForAll(Arb.From(cases), c =>
        {
            string[] checks = ["error_rate_increase < 0.10", "success_rate >= 0.9", "error_rate_delta < 0.02"];
            var control = Arms.Window(400, c.controlFailures);
            var before = Arms.Input(Arms.Window(c.requests, c.failures), control, checks).Analyze();
            var after = Arms.Input(Arms.Window(c.requests, Math.Min(c.requests, c.failures + c.worse)), control, checks).Analyze();
            if (before.Verdict is not Verdict.Pass) Assert.NotEqual(Verdict.Pass, after.Verdict);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_broken_share_or_a_silent_canary_passes_nothing_and_saves_no_canary_that_fails()
    {
        AnalysisInput Broken(AnalysisInput input) => input with { BrokenShare = new(350, 3_867, Weight.FromPercent(5)) };
        AnalysisInput Silent(AnalysisInput input) => input with { Silence = new(TimeSpan.FromSeconds(130), 7, IsLost: true) };
        var (good, bad) = (Arms.Input(Arms.Window(500), Arms.Window(500), "error_rate < 0.1"), Arms.Input(Arms.Window(500, 200), Arms.Window(500), "error_rate < 0.1"));
        Assert.Equal(Verdict.Pass, good.Analyze().Verdict);
        Assert.Equal((Verdict.Inconclusive, Alert.Share), (Broken(good).Analyze().Verdict, Broken(good).Analyze().Alert));
        Assert.Equal((Verdict.Inconclusive, Alert.Silence), (Silent(good).Analyze().Verdict, Silent(good).Analyze().Alert));
        var early = (good with { Silence = new(TimeSpan.FromSeconds(5), 5, IsLost: false) }).Analyze();
        Assert.Equal((Verdict.Inconclusive, Alert.None), (early.Verdict, early.Alert));
        Assert.Equal(Verdict.Fail, Broken(bad).Analyze().Verdict);
        Assert.Equal(Verdict.Fail, Silent(bad).Analyze().Verdict);
    }

    private static AnalysisResult NoRequests(params string[] checks)
    {
        var input = Arms.Input(MetricWindow.Empty, MetricWindow.Empty, checks);
        return (input with { Stage = input.Stage with { MinRequests = 0 } }).Analyze();
    }
}
