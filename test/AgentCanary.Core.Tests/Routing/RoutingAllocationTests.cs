using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

public sealed class RoutingAllocationTests
{
    public static TheoryData<string?> Keys =>
        new(null, "", "user-42", "漢字-利用者", "\ud800 lone", new string('x', 56), new string('é', 70), new string('漢', 400_000));

    [Theory, MemberData(nameof(Keys))]
    public void Routing_allocates_nothing_for_any_key(string? key)
    {
        foreach (var hash in Enum.GetValues<StickyHashKind>())
        {
            var plan = SomePlan.Split(Weight.FromPercent(50), 1, hash);
            AssertNothingAllocated(() => Router.Route(plan, key));
        }
    }

    [Fact]
    public void Routing_by_cohorts_allocates_nothing()
    {
        var cohorts = Enum.GetValues<CohortMatch>().Select(match => SomePlan.Cohort("group", match, "staff", "qa")).ToArray();
        var plan = SomePlan.Split(Weight.FromPercent(50)) with
        {
            Exclude = [.. cohorts[..2]],
            Include = [cohorts[2]],
            Eligible = [.. cohorts[3..]],
        };
        var caller = new SomeAttributes("group", "customer");
        AssertNothingAllocated(() => Router.Route(plan, new("user-42"), caller));
    }

    private static void AssertNothingAllocated(Func<Assignment> route)
    {
        route(); // the first call compiles
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20; i++) route();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
