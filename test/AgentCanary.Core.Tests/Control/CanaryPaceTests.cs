using AgentCanary.Control;

namespace AgentCanary.Core.Tests.Control;

public sealed class CanaryPaceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void The_pace_is_that_of_the_last_ten_minutes()
    {
        var pace = new CanaryPace(tick: 100, Second);
        for (var i = 1; i <= 3000; i++) pace.Note(100 + i, i * 4);
        for (var i = 1; i <= 700; i++) pace.Note(3100 + i, 12_000 + i);

        Assert.Equal(1, pace.PerSecond!.Value, tolerance: 0.01);
    }

    [Fact]
    public void Where_hardly_any_ended_there_is_no_pace()
    {
        var pace = new CanaryPace(tick: 100, Second);
        Assert.Null(pace.PerSecond);
        pace.Note(100, 10);
        Assert.Null(pace.PerSecond);
        pace.Note(110, 9);
        Assert.Null(pace.PerSecond);
        pace.Note(120, 10);
        Assert.Equal(0.5, pace.PerSecond);
        for (var i = 0; i < 700; i++) pace.Note(120 + i, 10);
        Assert.Null(pace.PerSecond);
    }
}
