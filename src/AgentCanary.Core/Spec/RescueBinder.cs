using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>rescue</c>: one word, or a mapping that also names the paths whose requests may be sent twice.</summary>
internal static class RescueBinder
{
    private const string Wanted = "a word such as connect, or { when: before-first-byte, routes: [ /v1/chat/completions ] }";

    public static (RescueMode When, ImmutableArray<string> Routes) Bind(Place? place)
    {
        if (place?.Node is not SpecNode.Mapping) return (When(place), default);
        if (place.Section(Wanted) is not { } section) return default;
        var word = section.Need("when", "when: before-first-byte");
        var (when, routes) = (When(word), section.Take("routes"));
        if (word is not null && when is not RescueMode.BeforeFirstByte)
            routes?.Fault("routes are for requests that were sent already: write when: before-first-byte, or take routes out");
        section.Close();
        return (when, routes is null ? default : PathText.List(routes, "a list of paths such as [ /v1/chat/completions ]"));
    }

    private static RescueMode When(Place? place) => place.Choice(RescueMode.Connect,
        ("off", RescueMode.Off), ("connect", RescueMode.Connect), ("before-first-byte", RescueMode.BeforeFirstByte));
}
