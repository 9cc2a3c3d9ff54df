using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class FittingTests
{
    private static readonly Stage First = Plans.Stage(5, "error_rate_increase < 0.10");
    private static readonly Stage Second = Plans.Stage(50, "error_rate_increase < 0.10");

    [Fact]
    public void What_fits_as_written_is_left_as_it_is()
    {
        var fitting = Plans.Spec(First).Plan(perSecond: 100, within: TimeSpan.FromHours(1)).Fitting!;
        Assert.True(fitting.FitsAsWritten);
        Assert.Empty(fitting.Fits);
        Assert.Null(fitting.Obstacle);
    }

    [Fact]
    public void A_suggestion_fits_when_it_is_planned_itself()
    {
        var spec = Plans.Spec(First, Second);
        var within = TimeSpan.FromHours(1);
        var fitting = spec.Plan(perSecond: 3, within: within).Fitting!;
        Assert.False(fitting.FitsAsWritten);
        Assert.NotEmpty(fitting.Fits);
        foreach (var fit in fitting.Fits)
        {
            var changed = spec with { Stages = fit.Stages, Analysis = spec.Analysis with { Margin = fit.Margin } };
            Assert.Equal(fit.Seconds, changed.Plan(perSecond: 3).Seconds);
            Assert.InRange(fit.Seconds.P90, 0, within.TotalSeconds);
        }
        Assert.True(fitting.Fits is [_] || fitting.Fits[1].Margin < fitting.Fits[0].Margin);
    }

    [Fact]
    public void Twenty_five_requests_a_day_are_told_what_they_can_show_and_what_not()
    {
        var fitting = Plans.Spec(First, Second).Plan(perSecond: 25 / 86_400.0, within: TimeSpan.FromHours(24)).Fitting!;
        Assert.Empty(fitting.Fits);
        Assert.Contains("nine in ten rollouts leave it after", fitting.Obstacle, StringComparison.Ordinal);
        Assert.Contains("25 requests come in 1 d: 12 for the canary at 50 %, 1 at the 5 % of stage 'at-5'", fitting.Known);
        Assert.Contains("350 requests come in 14 d: 180 for the canary at 50 %, 18 at the 5 % of stage 'at-5'", fitting.Known);
        Assert.Contains(fitting.Known, said => said.Contains("that an equal canary fails not more than 7 points more often than stable, and nothing finer", StringComparison.Ordinal));
        Assert.Contains("no violation in 180 canary requests excludes a rate of violations above 1.7 %", fitting.Known);
    }

    [Fact]
    public void Bake_times_that_are_too_long_are_named_as_what_stands_in_the_way() => Assert.Equal(
        "the bake times alone are 2 h", Plans.Spec(First with { BakeTime = TimeSpan.FromHours(2) }).Plan(perSecond: 100, within: TimeSpan.FromHours(1)).Fitting!.Obstacle);
}
