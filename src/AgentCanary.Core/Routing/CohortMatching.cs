using System.Collections.Immutable;

namespace AgentCanary.Routing;

/// <summary>Whether a caller is in a cohort. Ordinal and case-sensitive; an attribute that is not there matches no rule.</summary>
internal static class CohortMatching
{
    /// <summary>Tells whether the caller is in one of the cohorts at least.</summary>
    public static bool MatchesAny<TAttributes>(ImmutableArray<Cohort> cohorts, in TAttributes attributes)
        where TAttributes : IAttributes
    {
        foreach (var cohort in cohorts)
            if (Matches(cohort, attributes)) return true;
        return false;
    }

    // A cohort without rules would be everybody by the letter of "every rule holds"; nobody is the safe reading.
    private static bool Matches<TAttributes>(Cohort cohort, in TAttributes attributes)
        where TAttributes : IAttributes
    {
        foreach (var rule in cohort.Rules)
            if (attributes.Find(rule.Attribute) is not { } value || !Matches(rule, value)) return false;
        return !cohort.Rules.IsEmpty;
    }

    private static bool Matches(CohortRule rule, string value)
    {
        if (rule.Match is CohortMatch.Present) return true;
        foreach (var wanted in rule.Values)
            if (Matches(rule.Match, value, wanted)) return true;
        return false;
    }

    private static bool Matches(CohortMatch match, string value, string wanted) => match switch
    {
        CohortMatch.Exact or CohortMatch.In => string.Equals(value, wanted, StringComparison.Ordinal),
        CohortMatch.Prefix => value.StartsWith(wanted, StringComparison.Ordinal),
        CohortMatch.Suffix => value.EndsWith(wanted, StringComparison.Ordinal),
        _ => false,
    };
}
