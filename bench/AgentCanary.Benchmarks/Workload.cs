using System.Collections.Immutable;
using AgentCanary.Routing;

namespace AgentCanary.Benchmarks;

/// <summary>What every benchmark works on: the same users, the same plan.</summary>
internal static class Workload
{
    /// <summary>The operations of one call of a benchmark.</summary>
    public const int Operations = 1024;

    /// <summary>Gets sticky keys of 16 to 36 characters, none like its neighbour.</summary>
    public static string[] Keys { get; } =
        [.. Enumerable.Range(0, Operations).Select(i => $"user-{i:d10}-{i * 2654435761L:x20}"[..(16 + (i * 7 % 21))])];

    /// <summary>Gets a plan that gives a quarter of the users the canary.</summary>
    public static RoutePlan Plan { get; } = new()
    {
        Agent = "support-agent",
        StableVersion = "v1.0.0",
        CanaryVersion = "v1.1.0",
        Mode = RouteMode.Split,
        Weight = Weight.FromPercent(25),
        Salt = StickyHash.Salt("support-agent", "v1.1.0", attempt: 1),
    };

    /// <summary>Gets five cohorts, one for each kind of rule.</summary>
    public static ImmutableArray<Cohort> Cohorts { get; } =
    [
        Named("internal", "header:x-user-group", CohortMatch.In, "staff", "qa"),
        Named("vip", "header:x-plan", CohortMatch.Exact, "vip"),
        Named("berlin", "header:x-region", CohortMatch.Prefix, "eu-central"),
        Named("partners", "header:x-tenant", CohortMatch.Suffix, ".partner"),
        Named("beta", "cookie:beta", CohortMatch.Present),
    ];

    private static Cohort Named(string name, string attribute, CohortMatch match, params ImmutableArray<string> values) =>
        new(name, [new CohortRule(attribute, match, values)]);
}
