using AgentCanary.Analysis;
using AgentCanary.Planning;

namespace AgentCanary.Core.Tests.Analysis;

public sealed class KeyShareTests
{
    [Fact]
    public void A_fair_split_raises_no_alarm_though_it_is_looked_at_after_every_user()
    {
        var random = new SplitMix64(1);
        var alarms = 0;
        for (var run = 0; run < 400; run++)
        {
            var (canary, control, isBroken) = (0, 0, false);
            for (var user = 0; user < 2_000 && !isBroken; user++)
            {
                if (random.NextUnit() < 0.05) canary++;
                else control++;
                isBroken = new KeyShare(canary, control, Weight.FromPercent(5)).IsBroken;
            }
            if (isBroken) alarms++;
        }
        Assert.InRange(alarms, 0, 3); // 1 in 1,000 at most, so 0.4 of 400; four or more are less likely than 1 in 1,000
    }

    [Fact]
    public void A_share_of_8_where_5_should_be_is_found_within_some_thousand_users()
    {
        var random = new SplitMix64(2);
        for (var run = 0; run < 50; run++)
        {
            var (canary, control) = (0, 0);
            while (canary + control < 20_000 && !new KeyShare(canary, control, Weight.FromPercent(5)).IsBroken)
            {
                if (random.NextUnit() < 0.08) canary++;
                else control++;
            }
            Assert.InRange(canary + control, 100, 6_000);
        }
    }

    [Fact]
    public void Where_nobody_or_everybody_is_on_the_canary_there_is_no_share_to_check()
    {
        Assert.False(new KeyShare(1_000, 0, Weight.Full).IsBroken);
        Assert.False(new KeyShare(1_000, 1_000, Weight.None).IsBroken);
    }

    [Fact]
    public void The_finding_is_a_sentence_with_its_figures() => Assert.Equal(
        "routing or logging is broken: 8.3 % of 4,217 users are on canary where 5 % should be", $"{new KeyShare(350, 3_867, Weight.FromPercent(5))}");
}
