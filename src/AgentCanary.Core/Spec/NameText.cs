using System.Buffers;

namespace AgentCanary.Spec;

/// <summary>
/// The rule for names and versions: 1 to 64 letters of a small alphabet, so that they are safe in URLs, headers, files and metrics.
/// </summary>
internal static class NameText
{
    private const int Longest = 64;

    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> VersionLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool TryParse(string text, string what, out string value, out string fault)
    {
        value = text;
        fault = IsOf(text, NameLetters) ? "" : $"{Quote.Of(text)} is not {what}: write 1 to 64 of a-z, 0-9, '.', '_' and '-'";
        return fault.Length == 0;
    }

    public static bool TryParseVersion(string text, out string value, out string fault)
    {
        value = text;
        fault = IsOf(text, VersionLetters) ? "" : $"{Quote.Of(text)} is not a version: write 1 to 64 of a-z, A-Z, 0-9, '.', '_' and '-'";
        return fault.Length == 0;
    }

    // A name of dots alone would be a step in a path.
    private static bool IsOf(string text, SearchValues<char> letters) =>
        text.Length is >= 1 and <= Longest && !text.AsSpan().ContainsAnyExcept(letters) && text.AsSpan().ContainsAnyExcept('.');
}
