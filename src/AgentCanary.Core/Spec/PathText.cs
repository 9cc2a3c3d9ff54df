using System.Collections.Immutable;

namespace AgentCanary.Spec;

/// <summary>Reads the paths of requests, each whole or with <c>/*</c> at its end for all below.</summary>
internal static class PathText
{
    private const int Most = 100;

    public static ImmutableArray<string> List(Place place, string list) =>
        [.. place.Items(list, Most).Select(item => item.Read<string>("", "a path such as /v1/chat/completions", TryParse))];

    private static bool TryParse(string text, out string value, out string fault)
    {
        value = text;
        var path = text.EndsWith("/*", StringComparison.Ordinal) ? text[..^1] : text;
        var isPath = path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && path.Length <= 1024
            && path.All(letter => letter is > ' ' and <= '~' and not ('#' or '?' or '*' or '\\'));
        fault = isPath ? "" : $"{Quote.Of(text)} is not a path: write one such as /v1/chat/completions, or /search/* for all below";
        return isPath;
    }
}
