using System.Collections.Frozen;

namespace AgentCanary.Spec;

/// <summary>The rule for secrets: a file names where they are, and never holds them. Faults about them do not quote them.</summary>
public static class SecretText
{
    internal const string Refusal = "a secret stands here in the clear: write env:NAME or file:/path, and change the secret";

    internal const string BadReference = "the reference to a secret is broken: write env:NAME, or file: and an absolute path";

    private const string Environment = "env:";
    private const string File = "file:";

    private static readonly FrozenSet<string> SecretHeaders =
        FrozenSet.ToFrozenSet(["authorization", "cookie", "x-api-key", "x-goog-api-key"], StringComparer.OrdinalIgnoreCase);

    private static readonly string[] SecretEndings = ["token", "secret", "password", "api-key", "apikey", "api_key"];

    private static readonly FrozenSet<string> SecretFields = FrozenSet.ToFrozenSet(
        ["api_key", "apikey", "api-key", "access_token", "authorization", "client_secret", "password", "secret"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly string[] SecretStarts = ["Bearer ", "Basic ", "sk-"];

    /// <summary>
    /// Tells whether a value names an environment variable (<c>env:NAME</c>) or a file (<c>file:/path</c>) that holds the real value.
    /// </summary>
    public static bool IsReference(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(File, StringComparison.Ordinal)) return text.Length > File.Length + 1 && text[File.Length] == '/';
        if (!text.StartsWith(Environment, StringComparison.Ordinal)) return false;
        var name = text.AsSpan(Environment.Length);
        return name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.IndexOfAnyExcept(EnvironmentLetters) < 0;
    }

    internal static bool LooksLikeReference(string text) =>
        text.StartsWith(Environment, StringComparison.Ordinal) || text.StartsWith(File, StringComparison.Ordinal);

    internal static bool IsSecretHeader(string name, string value) => SecretHeaders.Contains(name)
        || Array.Exists(SecretEndings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
        || Array.Exists(SecretStarts, start => value.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    internal static bool IsSecretField(string name) => SecretFields.Contains(name);

    internal static bool TryParse(string text, out string value, out string fault)
    {
        value = text;
        fault = IsReference(text) ? "" : LooksLikeReference(text) ? BadReference : Refusal;
        return fault.Length == 0;
    }

    private static readonly System.Buffers.SearchValues<char> EnvironmentLetters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}
