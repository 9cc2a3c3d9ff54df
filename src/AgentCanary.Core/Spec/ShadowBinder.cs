using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Binds <c>shadow</c> of the rollout: what may be shown to the canary beside stable.</summary>
internal static class ShadowBinder
{
    private const int MostItems = 100;
    private const string Wanted = "a mapping such as { safe: [ /v1/chat/completions ] }";

    public static ShadowSpec? Bind(Place? place)
    {
        if (place?.Section(Wanted) is not { } section) return null;
        var spec = new ShadowSpec
        {
            Safe = Texts(section.Take("safe"), "a list of paths such as [ /v1/chat/completions, /search/* ]", "a path such as /v1/chat/completions", TryParsePath),
            Forward = Texts(section.Take("forward"), "a list of headers such as [ authorization ]", "a header's name", TryParseHeader),
        };
        section.Close();
        return spec;
    }

    private static ImmutableArray<string> Texts(Place? place, string list, string wanted, Parse<string> parse) =>
        place is null ? [] : [.. place.Items(list, MostItems).Select(item => item.Read<string>("", wanted, parse))];

    private static bool TryParsePath(string text, out string value, out string fault)
    {
        value = text;
        var path = text.EndsWith("/*", StringComparison.Ordinal) ? text[..^1] : text;
        var isPath = path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && path.Length <= 1024
            && path.All(letter => letter is > ' ' and <= '~' and not ('#' or '?' or '*' or '\\'));
        fault = isPath ? "" : $"{Quote.Of(text)} is not a path: write one such as /v1/chat/completions, or /search/* for all below";
        return isPath;
    }

    private static bool TryParseHeader(string text, out string value, out string fault)
    {
        value = text.ToLowerInvariant();
        fault = HeaderText.JudgeName(text) ?? "";
        return fault.Length == 0;
    }
}
