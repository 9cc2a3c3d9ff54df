using AgentCanary.Analysis;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>What people read, word by word.</summary>
public sealed class SentenceTests
{
    private static readonly Weight Five = Weight.FromPercent(5);

    [Fact]
    public void A_rollback_says_its_figures_its_odds_and_how_often_it_is_wrong()
    {
        var world = Until(Verdict.Fail, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 16 == 5 ? 1 : 0), "error_rate_increase < 0.10");
        Assert.Equal(
            "after 118 canary requests: 6.8 % fail on canary vs 1.1 % on stable in the same minutes; "
            + "odds 120 to 1 against 'not more than 1.1x + 0.1 pp worse', and we roll back a good version at most once in 100 rollouts however often anybody looks",
            world.Analyze().Reason);
    }

    [Fact]
    public void Every_check_that_is_guilty_at_the_level_of_all_is_named()
    {
        var world = Until(Verdict.Fail, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 4 == 1 ? 1 : 0), "success_rate >= 0.95", "error_rate_delta < 0.01");
        for (var i = 0; i < 40; i++) world.Exactly(19, 0, 1, i % 3 == 1 ? 1 : 0);
        Assert.Equal(
            "after 58 canary requests: 31 % fail on canary vs 0.36 % on stable in the same minutes; "
            + "odds more than 1,000,000 to 1 against 'not more than 1 point worse' and more than 1,000,000 to 1 against 'at least 95 % succeed', and we roll back a good version at most once in 100 rollouts however often anybody looks",
            world.Analyze().Reason);
    }

    [Fact]
    public void A_passed_stage_says_what_was_shown_and_how_sure_that_is()
    {
        var world = Until(Verdict.Pass, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 100 == 60 ? 1 : 0), "safety_violations == 0", "error_rate_increase < 0.10");
        Assert.Equal(
            "318 canary requests show it is not more than 2 points worse than stable (19 of 20 certain)",
            world.Analyze().Reason);
    }

    [Fact]
    public void A_stage_that_holds_says_what_is_missing_and_how_long_that_takes_at_the_present_pace()
    {
        var world = Play(120, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 100 == 60 ? 1 : 0), "error_rate_increase < 0.10");
        Assert.Equal(
            "no verdict yet: 0.83 % fail on canary vs 1.1 % on stable (n = 120 and 2,280); "
            + "errors are at most 10x of stable's; "
            + "about 230 more canary requests (8 min at 0.5 req/s) decide, 90 % sure within 645",
            world.Analyze(input => input with { CanaryPerSecond = 0.5 }).Reason);
    }

    [Fact]
    public void Evidence_that_grows_against_the_canary_is_not_told_as_good_news()
    {
        var world = Play(120, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 30 == 5 ? 1 : 0), "error_rate_increase < 0.10");
        Assert.Equal(
            "no verdict yet: 3.3 % fail on canary vs 1.1 % on stable (n = 120 and 2,280); "
            + "errors are at most 20x of stable's; "
            + "about 620 more canary requests (21 min at 0.5 req/s) would roll it back at the present rates, 90 % sure within 1,650",
            world.Analyze(input => input with { CanaryPerSecond = 0.5 }).Reason);
    }

    [Fact]
    public void Of_several_open_checks_the_one_that_takes_longest_is_told()
    {
        var world = new World(1, Five, "error_rate_delta < 0.01", "p95_latency_increase < 0.5").WithRatios();
        for (var i = 0; i < 20; i++) world.Second(50, 0.01, 0.01);
        Assert.Equal(
            "no verdict yet on 2 checks; "
            + "the p95 latency: 3.0 % fail or take longer than 442 ms on canary vs 5.2 % longer than 295 ms on stable (n = 33 and 667); "
            + "about 1,350 more canary requests (9 min at 2.5 req/s) decide, 90 % sure within 3,700",
            world.Analyze(input => input with { CanaryPerSecond = 2.5 }).Reason);
    }

    [Fact]
    public void A_canary_between_what_rolls_back_and_what_is_shown_is_told_to_be_hopeless_and_what_would_help()
    {
        var world = Play(600, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 30 == 5 ? 1 : 0), "error_rate_increase < 3");
        Assert.Equal(
            "no verdict yet: 3.3 % fail on canary vs 1.1 % on stable (n = 600 and 11,400); "
            + "errors may be 1.1x to 10x of stable's; "
            + "at the present rates no number of requests decides; "
            + "a wider margin or promotion: observed would",
            world.Analyze(input => input with { Stage = input.Stage with { Weight = Weight.FromPercent(50) } }).Reason);
    }

    [Fact]
    public void A_verdict_that_is_weeks_away_is_told_once_and_what_would_be_sooner()
    {
        var world = Play(120, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 100 == 60 ? 1 : 0), "error_rate_increase < 0.10");
        Assert.Equal(
            "no verdict yet: 0.83 % fail on canary vs 1.1 % on stable (n = 120 and 2,280); "
            + "errors are at most 10x of stable's; "
            + "about 230 more canary requests (19 d at 0.5 req/h) decide, 90 % sure within 645; "
            + "that is more than 14 days, a larger weight or a wider margin or promotion: observed would be sooner",
            world.Analyze(input => input with { CanaryPerSecond = 1 / 7200.0 }).Reason);
    }

    [Fact]
    public void Slow_answers_are_told_with_what_counts_as_slow()
    {
        var world = Until(Verdict.Fail, i => new(19, 0, 1, 0, i % 15 == 0 ? 300 : 100, i % 4 == 0 ? 900 : 120), "p95_latency_increase < 0.5");
        Assert.Equal(
            "after 13 canary requests: 31 % fail or take longer than 492 ms on canary vs 0 % longer than 328 ms on stable in the same minutes; "
            + "odds 640 to 1 against 'not more than 50 % slower at p95', and we roll back a good version at most once in 100 rollouts however often anybody looks",
            world.Analyze().Reason);
    }

    [Fact]
    public void Errors_that_count_as_slow_answers_are_told_as_errors_first()
    {
        var world = Until(Verdict.Fail, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 12 == 5 ? 1 : 0, i % 15 == 0 ? 300 : 100, i % 15 == 0 ? 470 : 110), "p95_latency_increase < 0.1", "error_rate_increase < 0.10");
        Assert.StartsWith(
            "after 46 canary requests: 8.7 % fail on canary vs 1.1 % on stable and 18 % fail or take longer than 360 ms on canary vs 1.1 % longer than 328 ms on stable in the same minutes; ",
            world.Analyze().Reason,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_that_both_versions_break_is_told_so()
    {
        var world = Play(200, i => new(19, 3, 1, i % 7 == 0 ? 1 : 0), "success_rate >= 0.95");
        Assert.Equal(
            "no verdict yet: 15 % fail on canary vs 16 % on stable (n = 200 and 3,800); "
            + "errors are at most 2x of stable's; "
            + "stable breaks it too",
            world.Analyze().Reason);
    }

    [Fact]
    public void A_mean_that_stable_never_moved_from_has_a_forecast_all_the_same()
    {
        // 10 of 19 thumbs up beside 21 of 21: stable's scores have no variance, and at the same rates the check fails soon.
        var world = new World(1, Weight.FromPercent(50), "user_satisfaction_delta > -0.1");
        for (var i = 0; i < 21; i++) world.Second(1, 1, (i < 19, i % 2 == 0 ? 1 : 0));
        var reason = world.Analyze().Checks[0].Reason;
        Assert.Contains("user satisfaction 0.526 on canary vs 1 on stable (n = 19 and 21)", reason, StringComparison.Ordinal);
        Assert.Matches("; about [0-9]+ more canary requests would roll it back at the present rates", reason);
    }

    [Fact]
    public void Few_requests_between_the_lines_are_too_early_to_tell()
    {
        var world = Play(70, i => new(19, i % 5 == 0 ? 1 : 0, 1, i % 25 == 5 ? 1 : 0), "error_rate_increase < 3");
        Assert.Contains("; it is too early to tell how many more requests decide", world.Analyze().Checks[0].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no canary request has reported task completion yet: post scores to /api/v1/scores", "task_completion >= 0.8")]
    [InlineData("the canary's latency is not judged yet; stable's 95th percentile is fixed after 200 of its answers (38 so far)", "p95_latency_increase < 0.5")]
    [InlineData("no canary request has told its cost yet; stable's 99.5th percentile is fixed after 1,000 of its answers (0 so far)", "cost_per_request_increase < 0.5")]
    public void Requests_that_told_nothing_of_a_check_are_not_denied(string said, string check) =>
        Assert.EndsWith($"'{check}' has no verdict yet: {said}", Play(2, _ => new(19, 0, 1, 0), check).Analyze().Checks[0].Reason, StringComparison.Ordinal);

    private static World Until(Verdict verdict, Func<int, Served> second, params string[] checks)
    {
        var world = new World(1, Five, checks).WithRatios();
        for (var i = 0; i < 3000 && world.Analyze().Verdict != verdict; i++) Serve(world, second(i));
        return world;
    }

    private static World Play(int seconds, Func<int, Served> second, params string[] checks)
    {
        var world = new World(1, Five, checks).WithRatios();
        for (var i = 0; i < seconds; i++) Serve(world, second(i));
        return world;
    }

    private static void Serve(World world, Served served) =>
        world.Exactly(served.Control, served.ControlFailed, served.Canary, served.CanaryFailed, served.ControlMs, served.CanaryMs);

    private readonly record struct Served(int Control, int ControlFailed, int Canary, int CanaryFailed, double ControlMs = 100, double CanaryMs = 100);
}
