using AgentCanary.Routing;

namespace AgentCanary.Benchmarks.Naive;

/// <summary>Cohorts as one writes them at first: a dictionary of attributes and LINQ over the rules.</summary>
internal static class LinqCohortRouter
{
    public static IReadOnlyDictionary<string, string> Customer { get; } = new Dictionary<string, string>
    {
        ["header:x-user-group"] = "customer",
        ["header:x-plan"] = "free",
        ["header:x-region"] = "us-east",
        ["header:x-tenant"] = "acme.example",
    };

    public static Variant Route(RoutePlan plan, string key, IReadOnlyDictionary<string, string> attributes) =>
        plan.Exclude.Any(cohort => IsIn(cohort, attributes)) ? Variant.Stable
        : plan.Include.Any(cohort => IsIn(cohort, attributes)) ? Variant.Canary
        : FrameworkMd5Router.Route(plan, key);

    private static bool IsIn(Cohort cohort, IReadOnlyDictionary<string, string> attributes) => cohort.Rules.All(rule =>
        attributes.TryGetValue(rule.Attribute, out var value) && (rule.Match is CohortMatch.Present || rule.Values.Any(wanted => rule.Match switch
        {
            CohortMatch.Prefix => value.StartsWith(wanted, StringComparison.Ordinal),
            CohortMatch.Suffix => value.EndsWith(wanted, StringComparison.Ordinal),
            _ => value == wanted,
        })));
}
