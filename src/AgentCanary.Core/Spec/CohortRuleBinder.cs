using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds the conditions on one attribute of a request.</summary>
internal static class CohortRuleBinder
{
    private const int MostValues = 1000;
    private const string Wanted = "one of { exact: TEXT }, { prefix: TEXT }, { suffix: TEXT }, { in: [ TEXT, TEXT ] }, { present: true }";

    public static IEnumerable<CohortRule> Bind(string name, Place place, Place key)
    {
        if (!SourceText.TryParseAttribute(name, out var attribute, out var fault)) key.Fault(fault);
        if (place.Section(Wanted) is not { } section) return [];
        if (section.Count == 0) place.Fault($"the rule has no condition: write {Wanted}");
        var rules = new List<CohortRule>();
        if (section.Take("exact") is { } exact) rules.Add(new(attribute, CohortMatch.Exact, Value(exact)));
        if (section.Take("prefix") is { } prefix) rules.Add(new(attribute, CohortMatch.Prefix, Value(prefix)));
        if (section.Take("suffix") is { } suffix) rules.Add(new(attribute, CohortMatch.Suffix, Value(suffix)));
        if (section.Take("in") is { } among) rules.Add(new(attribute, CohortMatch.In, Values(among)));
        if (section.Take("present") is { } present)
        {
            if (!present.Truth(true)) present.Fault("only presence can be asked for: write present: true");
            rules.Add(new(attribute, CohortMatch.Present, []));
        }
        section.Close(unknown =>
            unknown is "regex" or "matches" ? "there are no regular expressions: use exact, prefix, suffix, in or present" : null);
        return rules;
    }

    private static ImmutableArray<string> Value(Place place) => [place.Read<string>("", "the text to compare with", TryParseValue)];

    private static ImmutableArray<string> Values(Place place)
    {
        if (place.Node is SpecNode.Sequence { Items.IsEmpty: true }) place.Fault("the list is empty: write the texts to compare with");
        return [.. place.Items("a list such as [ staff, qa ]", MostValues).SelectMany(item => Value(item))];
    }

    // An empty prefix or suffix would silently be everybody.
    private static bool TryParseValue(string text, out string value, out string fault)
    {
        value = text;
        fault = text.Length > 0 ? "" : "the text is empty and would match anything: write the text to compare with, or present: true";
        return text.Length > 0;
    }
}
