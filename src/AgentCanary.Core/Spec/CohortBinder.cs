using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>cohorts</c>, and the lists that name them.</summary>
internal static class CohortBinder
{
    private const int MostCohorts = 100;

    public static ImmutableArray<Cohort> BindAll(Place? place)
    {
        if (place?.Section("a mapping such as internal: { header:x-user-group: { in: [ staff, qa ] } }") is not { } section) return [];
        if (section.Count > MostCohorts) place.Fault($"{section.Count} cohorts stand here: at most {MostCohorts} are allowed");
        return [.. section.All.Select(field => Bind(field.Name, field.Value, field.Key))];
    }

    /// <summary>Binds a list of cohorts.</summary>
    /// <param name="place">The list, or null.</param>
    /// <param name="cohorts">The cohorts that are defined.</param>
    /// <param name="mayBeUndefined">Whether a name may stand for nobody; one that looks like a slip is refused all the same.</param>
    public static ImmutableArray<string> BindNames(Place? place, ImmutableArray<Cohort> cohorts, bool mayBeUndefined = false)
    {
        if (place is null) return [];
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var item in place.Items("a list of cohorts such as [ internal ]", MostCohorts))
        {
            if (item.Text("the name of a cohort") is not { } name) continue;
            if (Unknown(name, cohorts, mayBeUndefined) is { } fault) item.Fault(fault);
            else if (names.Contains(name)) item.Fault($"{Quote.Of(name)} stands in the list already: take one out");
            names.Add(name);
        }
        if (place.Node is SpecNode.Sequence { Items.IsEmpty: true }) place.Fault("the list is empty: name a cohort, or leave the key out");
        return names.ToImmutable();
    }

    private static string? Unknown(string name, ImmutableArray<Cohort> cohorts, bool mayBeUndefined)
    {
        ImmutableArray<string> known = [.. cohorts.Select(cohort => cohort.Name)];
        if (known.Contains(name)) return null;
        if (mayBeUndefined && Spelling.Near(name, known) is null) return NameText.TryParse(name, "a cohort's name", out _, out var fault) ? null : fault;
        return cohorts.IsEmpty ? $"{Quote.Of(name)} is not a cohort: define it under cohorts" : $"{Quote.Of(name)} is not a cohort: {Spelling.Advise(name, known)}";
    }

    private static Cohort Bind(string name, Place place, Place key)
    {
        if (!NameText.TryParse(name, "a cohort's name", out _, out var fault)) key.Fault(fault);
        var section = place.Section("rules such as { header:x-user-group: { in: [ staff, qa ] } }");
        if (section?.Count == 0) place.Fault("the cohort has no rule: write one such as { header:x-user-group: { in: [ staff, qa ] } }");
        return new(name, [.. (section?.All ?? []).SelectMany(rule => CohortRuleBinder.Bind(rule.Name, rule.Value, rule.Key))]);
    }
}
