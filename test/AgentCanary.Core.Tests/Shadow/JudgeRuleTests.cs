using AgentCanary.Shadow;

namespace AgentCanary.Core.Tests.Shadow;

public sealed class JudgeRuleTests
{
    [Theory]
    [InlineData(JudgeChoice.First, JudgeChoice.Second, JudgeVerdict.Stable), InlineData(JudgeChoice.Second, JudgeChoice.First, JudgeVerdict.Canary), InlineData(JudgeChoice.Tie, JudgeChoice.Tie, JudgeVerdict.Tie)]
    [InlineData(JudgeChoice.First, JudgeChoice.First, JudgeVerdict.Split), InlineData(JudgeChoice.Second, JudgeChoice.Second, JudgeVerdict.Split)]
    [InlineData(JudgeChoice.Tie, JudgeChoice.First, JudgeVerdict.Split), InlineData(JudgeChoice.Second, JudgeChoice.Tie, JudgeVerdict.Split)]
    public void A_winner_wins_in_both_orders(JudgeChoice stableFirst, JudgeChoice canaryFirst, JudgeVerdict verdict) =>
        Assert.Equal(verdict, JudgeRule.Verdict(stableFirst, canaryFirst));

    [Fact]
    public void A_judge_that_looks_at_places_only_says_nothing_against_either_version()
    {
        foreach (var choice in Enum.GetValues<JudgeChoice>()) Assert.True(JudgeRule.Agrees(JudgeRule.Verdict(choice, choice)));
    }

    [Fact]
    public void To_swap_the_versions_swaps_the_winner()
    {
        foreach (var first in Enum.GetValues<JudgeChoice>())
        {
            foreach (var second in Enum.GetValues<JudgeChoice>()) Assert.Equal(Swap(JudgeRule.Verdict(first, second)), JudgeRule.Verdict(second, first));
        }

        static JudgeVerdict Swap(JudgeVerdict verdict) => verdict switch { JudgeVerdict.Canary => JudgeVerdict.Stable, JudgeVerdict.Stable => JudgeVerdict.Canary, _ => verdict };
    }

    [Fact]
    public void Only_a_canary_that_loses_in_both_orders_disagrees() =>
        Assert.Equal([JudgeVerdict.Stable], Enum.GetValues<JudgeVerdict>().Where(verdict => !JudgeRule.Agrees(verdict)));

    [Theory]
    [InlineData(null, JudgeVerdict.Stable, false), InlineData(null, JudgeVerdict.Split, true), InlineData(true, JudgeVerdict.Stable, true), InlineData(false, JudgeVerdict.Canary, false)]
    public void What_is_known_stays_known_whatever_the_judge_says(bool? known, JudgeVerdict verdict, bool agrees) => Assert.Equal(agrees, JudgeRule.Evidence(known, verdict));

    [Fact]
    public void Without_the_judge_no_pair_counts_so_that_its_absence_favours_no_answer() =>
        Assert.All(new bool?[] { null, true, false }, known => Assert.Null(JudgeRule.Evidence(known, null)));
}
