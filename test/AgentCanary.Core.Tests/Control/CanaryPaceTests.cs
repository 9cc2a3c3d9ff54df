using AgentCanary.Control;
using FsCheck;
using FsCheck.Fluent;

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

    [Fact]
    public void Who_does_not_look_while_nothing_ends_sees_the_same_pace_afterwards() => Prop.ForAll(
        Arb.From(Gen.Zip(Gen.Frequency((3, Gen.Choose(1, 15)), (1, Gen.Choose(1, 1500))), Gen.Choose(0, 30)).ListOf()), looks =>
        {
            var (always, seldom) = (new CanaryPace(tick: 7, Second), new CanaryPace(tick: 7, Second));
            var (tick, ended) = (7L, 0L);
            foreach (var (gap, more) in looks)
            {
                for (var i = 1; i < gap; i++) always.Note(tick + i, ended);
                (tick, ended) = (tick + gap, ended + more);
                always.Note(tick, ended);
                seldom.Note(tick, ended);
                if (always.PerSecond != seldom.PerSecond) return false;
            }
            return true;
        }).QuickCheckThrowOnFailure();
}
