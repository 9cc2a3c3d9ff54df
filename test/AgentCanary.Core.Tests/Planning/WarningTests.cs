using AgentCanary.Planning;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning;

public class WarningTests
{
    private const string Errors = "error_rate_increase < 0.10";

    [Fact]
    public void A_relative_check_says_what_is_proven_instead_and_what_its_own_proof_would_take() => Says(
        Plans.Spec(Plans.Stage(5, Errors)).Plan(perSecond: 0.1),
        "'error_rate_increase < 0.10' guards the rollback; stage 'at-5' is left when the canary is shown to be not more than 2 points worse. Proving 10 % relative at 1 % takes about 67,000 canary requests, 150 d at this rate: "
            + "error_rate_delta < 0.02 says what is proven");

    [Fact]
    public void A_deadline_that_is_too_short_is_told_with_the_time_that_nine_in_ten_need()
    {
        var stage = Plans.Stage(5, Errors);
        Says(Plans.Spec(stage with { Deadline = TimeSpan.FromMinutes(30) }).Plan(), "stage 'at-5' cannot decide before its deadline of 30 min: 'error_rate_increase < 0.10' needs 1.", "then it is paused");
        Says(Plans.Spec(stage with { Deadline = TimeSpan.FromHours(2), OnDeadline = OnDeadline.RollBack }).Plan(), "stage 'at-5' cannot always decide before its deadline of 2 h", "then it is rolled back");
        Quiet(Plans.Spec(stage with { Deadline = TimeSpan.FromDays(2) }).Plan(), "deadline");
    }

    [Fact]
    public void Few_clean_requests_are_told_as_the_little_that_they_are()
    {
        Says(Plans.Spec(Plans.Stage(5, "safety_violations == 0") with { MinRequests = 50 }).Plan(), "'safety_violations == 0' over 50 requests excludes a rate above 5.8 % only", "2,995 clean requests");
        Quiet(Plans.Spec(Plans.Stage(5, "safety_violations == 0") with { MinRequests = 500 }).Plan(), "excludes");
    }

    [Fact]
    public void More_than_fourteen_days_are_said_with_what_would_help() => Says(
        Plans.Spec(Plans.Stage(5, Errors)).Plan(perSecond: 25 / 86_400.0),
        "stage 'at-5' cannot decide within 14 d at this rate: 'error_rate_increase < 0.10' takes", "a wider margin, a larger weight or promotion: observed would help");

    [Fact]
    public void Plain_figures_prove_nothing_and_chance_has_its_share()
    {
        var spec = Plans.Spec(Plans.Stage(5, Errors) with { MinRequests = 50 });
        var plain = (spec with { Analysis = new() { Mode = AnalysisMode.Point } }).Plan();
        Says(plain, "mode: point compares plain figures and proves nothing");
        Says(plain, "after 50 canary requests chance alone lets an equal canary break 'error_rate_increase < 0.10' in 38 % of all rollouts");
        Quiet(spec.Plan(), "mode: point");
    }

    [Fact]
    public void A_smaller_first_stage_is_slower_and_spares_hardly_anybody() =>
        Says(Plans.Spec(Plans.Stage(1, Errors)).Plan(perSecond: 10), "stage 'at-1' at 1 % takes a canary that fails 5 % back after 3", "failed requests; at 5 % it would after 7");

    [Fact]
    public void Rules_that_take_good_canaries_back_are_told_with_how_often()
    {
        Says(Plans.Spec(Plans.Stage(5, Errors)).Plan(baseline: "error_rate=0.6"), "fast_failures: 10 takes a good canary back in", "write a larger number, or 0 for never");
        Says(
            Plans.Spec(Plans.Stage(5, "safety_violations == 0") with { MinRequests = 1000 }).Plan(baseline: "safety_violations=0.001"),
            "one violation in 1,000 requests rolls an equal canary back in 63", "of all rollouts: zero tolerance is for violations that somebody confirmed");
    }

    [Fact]
    public void People_and_missing_controls_are_not_forgotten()
    {
        Says(Plans.Spec(Plans.Stage(5, Errors) with { Approval = true }).Plan(), "stage 'at-5' waits for an approval; the time that takes is not counted");
        Says(Plans.Spec(Plans.Stage(5, Errors) with { AutoRollback = false }).Plan(), "stage 'at-5' pauses on a failed check, and does not roll back");
        Says(Plans.Spec(Plans.Stage(100, Errors) with { BakeTime = TimeSpan.FromHours(1) }).Plan(), "stage 'at-100' has no control");
        Says(Plans.Spec(Plans.Stage(5, "success_rate >= 0.99")).Plan(), "stage 'at-5' is never left by itself, for 'success_rate >= 0.99'");
        Says(Plans.Spec(Plans.Stage(5, "p95_latency < 400ms")).Plan(), "the times leave out 'p95_latency < 400ms'", "give it with --baseline p95_latency=VALUE");
    }

    private static void Says(Outlook outlook, params string[] parts) => Assert.True(
        outlook.Warnings.Any(warning => parts.All(part => warning.Contains(part, StringComparison.Ordinal))), string.Join('\n', outlook.Warnings));

    private static void Quiet(Outlook outlook, string part) => Assert.DoesNotContain(outlook.Warnings, warning => warning.Contains(part, StringComparison.Ordinal));
}
