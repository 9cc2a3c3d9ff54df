using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Planning;

public class FalseAlarmTests
{
    [Theory]
    [InlineData(2, 0.1, 100)]
    [InlineData(3, 0.3, 50)]
    [InlineData(5, 0.3, 100)]
    public void Runs_turn_up_as_often_as_in_drawn_rows(int failures, double rate, int requests)
    {
        var random = new Random(3);
        var seen = Enumerable.Range(0, 20_000).Count(_ => HasRun(random, failures, rate, requests)) / 20_000.0;
        Assert.InRange(FalseAlarm.Of(failures, rate, requests), (seen * 0.95) - 0.01, (seen * 1.05) + 0.01);
    }

    [Fact]
    public void Ten_failures_in_a_row_are_no_accident_at_one_per_cent_and_a_habit_at_ninety()
    {
        Assert.InRange(FalseAlarm.Of(10, 0.01, 100_000), 1e-16, 2e-15);
        Assert.InRange(FalseAlarm.Of(10, 0.9, 1000), 0.99, 1);
        Assert.Equal((0, 0, 1), (FalseAlarm.Of(0, 0.5, 1000), FalseAlarm.Of(10, 0.5, 9), FalseAlarm.Of(10, 1, 10)));
    }

    private static bool HasRun(Random random, int failures, double rate, int requests)
    {
        for (var (i, row) = (0, 0); i < requests; i++)
        {
            row = random.NextDouble() < rate ? row + 1 : 0;
            if (row == failures) return true;
        }
        return false;
    }
}
