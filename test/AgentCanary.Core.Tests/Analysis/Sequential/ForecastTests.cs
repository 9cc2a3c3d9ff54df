using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Core.Tests.Analysis.Sequential;

/// <summary>How good the forecasts are: seeded rollouts, asked when half of the evidence is there.</summary>
public sealed class ForecastTests
{
    private static readonly Weight Five = Weight.FromPercent(5);

    [Theory]
    [InlineData("error_rate_increase < 0.10", 0.01, 0.01, false)]
    [InlineData("error_rate_increase < 0.10", 0.01, 0.05, true)]
    [InlineData("error_rate_delta < 0", 0.05, 0.10, true)]
    [InlineData("success_rate >= 0.95", 0.01, 0.01, false)]
    public void At_half_of_the_evidence_the_forecast_is_about_right_and_the_sure_one_holds(string check, double stable, double canary, bool worse)
    {
        var runs = Enumerable.Range(0, 100).Select(seed => Run(new(seed, Five, check), stable, canary, worse)).ToList();

        var ratios = runs.Select(run => run.Forecast.Expected / run.Actual).Order().ToList();
        Assert.InRange(ratios[ratios.Count / 2], 0.7, 1.5);
        Assert.InRange(runs.Count(run => run.Forecast.P90 >= run.Actual), 80, 100);
    }

    [Fact]
    public void A_promotion_waits_for_the_last_check_and_a_rollback_for_the_first()
    {
        var (near, far) = (new Forecast(10, 20), new Forecast(30, 40));

        Assert.Equal(new Outlook(far, near), new Outlook(near, far).With(new(far, near)));
        Assert.Equal(new Outlook(null, near), new Outlook(null, near).With(new(far, null)));
        Assert.Equal(near, new Outlook(far, near).Sooner);
        Assert.True(new Outlook(null, far).IsRollbackSooner);
        Assert.False(new Outlook(near, far).IsRollbackSooner);
        Assert.Null(default(Outlook).Sooner);
    }

    private static (Forecast Forecast, double Actual) Run(World world, double stable, double canary, bool worse)
    {
        var goal = Math.Log(worse ? 1 / world.Terms.Alpha : 1 / world.Terms.Beta);
        var (forecast, asked) = ((Forecast?)null, 0L);
        while (true)
        {
            world.Second(50, stable, canary);
            var reading = new SequentialReading(world.Terms, world.Evidence);
            var (log, count) = (worse ? reading.LogWorse(0) : world.Evidence.LogNotWorse(world.Terms, 0, Five), world.Evidence.Checks[0].Total.CanaryCount);
            if (log >= goal && forecast is { } told) return (told, Math.Max(1, count - asked));
            if (log < goal / 2 || forecast is not null) continue;
            var outlook = Outlook.Of(reading, 0, Five, stablePerCanary: 19);
            (forecast, asked) = (worse ? outlook.Rollback : outlook.Promotion, count);
        }
    }
}
