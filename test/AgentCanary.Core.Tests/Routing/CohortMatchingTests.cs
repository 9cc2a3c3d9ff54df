using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

public sealed class CohortMatchingTests
{
    [Theory]
    [InlineData(CohortMatch.Exact, "staff", true)]
    [InlineData(CohortMatch.Exact, "Staff", false)]
    [InlineData(CohortMatch.Exact, "staff ", false)]
    [InlineData(CohortMatch.Prefix, "staff-berlin", true)]
    [InlineData(CohortMatch.Prefix, "my-staff", false)]
    [InlineData(CohortMatch.Suffix, "my-staff", true)]
    [InlineData(CohortMatch.Suffix, "staff-berlin", false)]
    [InlineData(CohortMatch.In, "staff", true)]
    [InlineData(CohortMatch.In, "qa", true)]
    [InlineData(CohortMatch.In, "sta", false)]
    [InlineData(CohortMatch.Present, "", true)]
    [InlineData(CohortMatch.Present, "anything", true)]
    public void A_value_is_compared_ordinally(CohortMatch match, string value, bool isIn) =>
        Assert.Equal(isIn, IsIn(SomePlan.Cohort("header:x-group", match, Values(match)), new("header:x-group", value)));

    [Theory]
    [InlineData(CohortMatch.Exact), InlineData(CohortMatch.Prefix), InlineData(CohortMatch.Suffix)]
    [InlineData(CohortMatch.In), InlineData(CohortMatch.Present)]
    public void An_attribute_that_is_not_there_matches_nothing(CohortMatch match) =>
        Assert.False(IsIn(SomePlan.Cohort("header:x-group", match, ""), new("header:x-other", "staff")));

    [Fact]
    public void A_caller_is_in_a_cohort_when_every_rule_holds()
    {
        var group = new CohortRule("group", CohortMatch.Prefix, ["st"]);
        Assert.True(IsIn(new("both", [group, new("group", CohortMatch.Suffix, ["ff"])]), new("group", "staff")));
        Assert.False(IsIn(new("both", [group, new("group", CohortMatch.Suffix, ["qa"])]), new("group", "staff")));
        Assert.False(IsIn(new("both", [group, new("region", CohortMatch.Present, [])]), new("group", "staff")));
    }

    [Fact]
    public void A_cohort_without_rules_is_nobody() => Assert.False(IsIn(new("empty", []), new("group", "staff")));

    [Fact]
    public void One_of_several_cohorts_is_enough()
    {
        var staff = SomePlan.Cohort("group", CohortMatch.Exact, "staff");
        var testers = SomePlan.Cohort("group", CohortMatch.Exact, "tester");
        Assert.True(CohortMatching.MatchesAny([staff, testers], new SomeAttributes("group", "tester")));
        Assert.False(CohortMatching.MatchesAny([staff, testers], new SomeAttributes("group", "customer")));
        Assert.False(CohortMatching.MatchesAny([], new SomeAttributes("group", "customer")));
    }

    private static string[] ValuesOf(CohortMatch match) => match switch
    {
        CohortMatch.In => ["staff", "qa"],
        CohortMatch.Present => [],
        _ => ["staff"],
    };

    private static System.Collections.Immutable.ImmutableArray<string> Values(CohortMatch match) => [.. ValuesOf(match)];

    private static bool IsIn(Cohort cohort, SomeAttributes attributes) => CohortMatching.MatchesAny([cohort], attributes);
}
