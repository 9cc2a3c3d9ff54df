using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Says what an accepted rollout file may not do as its writer meant. Pure and thread-safe.</summary>
public static class SpecWarnings
{
    /// <summary>Finds all that there is to say; nothing of most files.</summary>
    public static ImmutableArray<string> Of(RolloutSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return
        [
            .. spec.Exclude.Where(name => !spec.Cohorts.Any(cohort => cohort.Name == name))
                .Select(name => $"exclude: no cohort {Quote.Of(name)} is defined, so nobody is excluded by it: define it under cohorts, or take it out"),
            .. ShadowWarnings.Of(spec),
        ];
    }
}
