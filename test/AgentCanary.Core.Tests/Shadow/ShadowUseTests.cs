using AgentCanary.Shadow;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCanary.Core.Tests.Shadow;

public sealed class ShadowUseTests
{
    private static readonly TimeSpan Noon = TimeSpan.FromHours(12);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void An_hours_requests_are_sent_and_no_more_until_the_hour_is_over()
    {
        var (use, budget) = (new ShadowUse(), new ShadowBudget { Requests = 3 });
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(use.Judge(budget, Noon + TimeSpan.FromMinutes(i)));
            use = use.Sent(Noon + TimeSpan.FromMinutes(i));
        }
        Assert.Equal(ShadowStop.Requests, use.Judge(budget, Noon + ShadowUse.Hour - Tick));
        Assert.Equal(Noon + ShadowUse.Hour, use.EndOf(ShadowStop.Requests));
        Assert.Null(use.Judge(budget, Noon + ShadowUse.Hour));
        Assert.Equal(1, use.Sent(Noon + ShadowUse.Hour).Requests);
    }

    [Fact]
    public void A_budget_without_limits_stops_nothing() => Prop.ForAll<NonNegativeInt, bool>((requests, mustSay) =>
        new ShadowUse { Since = Noon, Requests = requests.Get }.Took(null, null, mustSay, Noon).Judge(new(), Noon) is null).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(100, null, ShadowStop.Tokens)]
    [InlineData(null, 1.0, ShadowStop.Cost)]
    public void What_is_spent_stops_the_shadow_and_says_which(int? tokens, double? cost, ShadowStop stop)
    {
        var budget = new ShadowBudget { Tokens = tokens, Cost = cost };
        var use = new ShadowUse().Sent(Noon).Took(60, 0.6, mustSay: true, Noon);
        Assert.Equal(stop, use.Judge(budget, Noon)); // one more like it would be too much
        Assert.Null(use.Judge(new() { Tokens = tokens * 2, Cost = cost * 2 }, Noon));
        Assert.Equal(stop, new ShadowUse().Sent(Noon).Took(100, 1, mustSay: true, Noon).Judge(budget, Noon));
    }

    [Fact]
    public void What_runs_or_failed_is_taken_for_an_average_answer()
    {
        var budget = new ShadowBudget { Tokens = 100 };
        var use = new ShadowUse().Sent(Noon).Took(20, null, mustSay: true, Noon); // 20, and room for four more
        for (var i = 0; i < 4; i++)
        {
            Assert.Null(use.Judge(budget, Noon));
            use = use.Sent(Noon);
        }
        Assert.Equal(ShadowStop.Tokens, use.Judge(budget, Noon));
        Assert.Equal(ShadowStop.Tokens, use.Took(null, null, mustSay: false, Noon).Judge(budget, Noon));
        Assert.Null(use.Took(0, null, mustSay: true, Noon).Judge(budget, Noon)); // cheaper than average after all
    }

    [Theory]
    [InlineData(null, 1.0, ShadowStop.UnknownTokens)]
    [InlineData(1L, null, ShadowStop.UnknownCost)]
    [InlineData(1L, -1.0, ShadowStop.UnknownCost)]
    [InlineData(1L, double.NaN, ShadowStop.UnknownCost)]
    [InlineData(-1L, 1.0, ShadowStop.UnknownTokens)]
    public void An_answer_that_does_not_say_what_it_took_is_never_0_but_stops_the_shadow_for_the_hour(long? tokens, double? cost, ShadowStop stop)
    {
        var use = new ShadowUse().Sent(Noon).Took(tokens, cost, mustSay: true, Noon);
        Assert.Equal(stop, use.Judge(new() { Tokens = 1000, Cost = 1000 }, Noon));
        Assert.Null(use.Judge(new() { Requests = 1000 }, Noon)); // nobody asks
        Assert.Null(use.Judge(new() { Tokens = 1000, Cost = 1000 }, Noon + ShadowUse.Hour));
    }

    [Theory, InlineData(1_000, null, ShadowStop.UnknownTokens), InlineData(null, 1.0, ShadowStop.UnknownCost)]
    public void Where_no_request_is_heard_of_again_a_few_are_sent_in_an_hour_and_no_more(int? tokens, double? cost, ShadowStop stop)
    {
        var (use, budget) = (new ShadowUse(), new ShadowBudget { Tokens = tokens, Cost = cost });
        for (var i = 0; i < 8; i++)
        {
            Assert.Null(use.Judge(budget, Noon));
            use = use.Sent(Noon);
        }
        Assert.Equal(stop, use.Judge(budget, Noon));
        Assert.Null(use.Judge(new() { Requests = 1_000 }, Noon)); // nobody asks
        Assert.Null(use.Took(null, null, mustSay: false, Noon).Judge(budget, Noon));
        Assert.Null(use.Took(1, 0.01, mustSay: true, Noon).Judge(budget, Noon));
        Assert.Null(use.Judge(budget, Noon + ShadowUse.Hour));
    }

    [Fact]
    public void An_answer_that_says_nothing_after_its_hour_is_over_stops_no_longer_than_an_hour()
    {
        var use = new ShadowUse().Took(null, null, mustSay: true, Noon);
        Assert.Equal(ShadowStop.UnknownCost, use.Judge(new() { Cost = 1 }, Noon));
        Assert.Null(use.Judge(new() { Cost = 1 }, Noon + ShadowUse.Hour));
    }

    [Theory]
    [InlineData(null, 30), InlineData(5, 5), InlineData(0, 1), InlineData(-5, 1), InlineData(86_400, 600)]
    public void A_shadow_rests_after_a_429_as_long_as_was_asked_within_bounds(int? asked, int rests)
    {
        var use = new ShadowUse().Resting(asked is { } seconds ? TimeSpan.FromSeconds(seconds) : null, Noon);
        var until = Noon + TimeSpan.FromSeconds(rests);
        Assert.Equal((ShadowStop.RateLimited, until), (use.Judge(new(), until - Tick), use.EndOf(ShadowStop.RateLimited)));
        Assert.Null(use.Judge(new(), until));
    }

    [Fact]
    public void A_further_429_makes_a_rest_longer_and_never_shorter_and_the_end_of_the_hour_ends_none()
    {
        var at = Noon + TimeSpan.FromMinutes(59);
        var use = new ShadowUse().Sent(Noon).Resting(TimeSpan.FromMinutes(5), at).Resting(TimeSpan.FromSeconds(2), at);
        Assert.Equal(ShadowStop.RateLimited, use.Judge(new(), at + TimeSpan.FromMinutes(5) - Tick));
        Assert.Equal(at + TimeSpan.FromMinutes(6), use.Resting(TimeSpan.FromMinutes(5), at + TimeSpan.FromMinutes(1)).EndOf(ShadowStop.RateLimited));
    }

    // Whatever answers cost and however many run at once: an hour ends above its budget by no more than what ran when it was reached.
    [Fact]
    public void An_hour_takes_no_more_than_its_budget_and_what_runs_at_once() => Prop.ForAll<byte[], PositiveInt, PositiveInt>((costs, limit, atOnce) =>
    {
        var budget = new ShadowBudget { Requests = 40, Tokens = limit.Get * 10L };
        var places = 1 + (atOnce.Get % 5);
        var (use, running, sum, above) = (new ShadowUse(), new Queue<byte>(), 0L, 0L);
        foreach (var cost in costs)
        {
            if (running.Count == places) End();
            if (use.Judge(budget, Noon) is null)
            {
                use = use.Sent(Noon);
                running.Enqueue(cost);
                above = running.Sum(each => each);
            }
        }
        while (running.Count > 0) End();
        return use.Requests <= 40 && sum <= budget.Tokens + above;

        void End()
        {
            var took = running.Dequeue();
            sum += took;
            use = use.Took(took, null, mustSay: true, Noon);
        }
    }).QuickCheckThrowOnFailure();
}
