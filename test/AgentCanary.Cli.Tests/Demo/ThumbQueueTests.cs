using AgentCanary.Cli.Demo;
using AgentCanary.Testing;

namespace AgentCanary.Cli.Tests.Demo;

public sealed class ThumbQueueTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromSeconds(5);

    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_thumb_is_given_an_hour_after_its_answer_and_once()
    {
        var thumbs = new ThumbQueue(_time, Hour);
        thumbs.Add(Of("a"));
        _time.Advance(Hour - TimeSpan.FromMilliseconds(1));
        Assert.Empty(thumbs.TakeDue(10));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([Of("a")], thumbs.TakeDue(10));
        Assert.Empty(thumbs.TakeDue(10));
    }

    [Fact]
    public void Thumbs_come_in_the_order_of_their_answers_each_at_its_own_time()
    {
        var thumbs = new ThumbQueue(_time, Hour);
        foreach (var id in (string[])["a", "b", "c"])
        {
            thumbs.Add(Of(id));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal([Of("a")], thumbs.TakeDue(10));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([Of("b"), Of("c")], thumbs.TakeDue(10));
    }

    [Fact]
    public void What_is_too_much_for_one_batch_stays_due()
    {
        var thumbs = new ThumbQueue(_time, Hour);
        foreach (var id in (string[])["a", "b", "c"]) thumbs.Add(Of(id));
        _time.Advance(Hour);
        Assert.Equal([Of("a"), Of("b")], thumbs.TakeDue(2));
        Assert.Equal([Of("c")], thumbs.TakeDue(2));
    }

    private static Thumb Of(string decision) => new("v1.1.0", decision, IsUp: true);
}
