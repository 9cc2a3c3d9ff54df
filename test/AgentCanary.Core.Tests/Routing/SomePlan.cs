using System.Collections.Immutable;
using AgentCanary.Routing;

namespace AgentCanary.Core.Tests.Routing;

internal static class SomePlan
{
    public static RoutePlan Split(Weight weight, ulong salt = 1, StickyHashKind hash = StickyHashKind.Xxh64) => new()
    {
        Agent = "support-agent",
        StableVersion = "v1",
        CanaryVersion = "v2",
        Mode = RouteMode.Split,
        Weight = weight,
        Salt = salt,
        Hash = hash,
        Attempt = 3,
        Stage = 2,
        Revision = 41,
    };

    public static Cohort Cohort(string attribute, CohortMatch match, params ImmutableArray<string> values) =>
        new("some-cohort", [new CohortRule(attribute, match, values)]);
}
