using System.Buffers;
using System.Collections.Frozen;

namespace AgentCanary.Spec;

/// <summary>The rules for header names and values (RFC 9110, sections 5.1 and 5.5).</summary>
internal static class HeaderText
{
    private const int LongestName = 128;
    private const int LongestValue = 8192;

    private static readonly SearchValues<char> NameLetters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    // Those that belong to one connection or frame the message: setting them would let two hops read one request differently.
    private static readonly FrozenSet<string> Hops = FrozenSet.ToFrozenSet(
        ["connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
            "upgrade", "content-length", "content-encoding", "content-type", "expect", "host"],
        StringComparer.OrdinalIgnoreCase);

    public static string? JudgeName(string name) =>
        !IsToken(name) ? $"{Quote.Of(name)} is not a header name: write letters, digits and '-'"
        : Hops.Contains(name) ? $"{Quote.Of(name)} belongs to a single connection or message and cannot be set: take it out"
        : null;

    public static string? JudgeValue(string value) =>
        value.Length > LongestValue ? $"the value has {value.Length} characters: at most {LongestValue} are allowed"
        : value.AsSpan().Trim().Length != value.Length || value.Any(letter => letter is < ' ' or > '~')
            ? "the value has letters that a header cannot carry: write visible ASCII without blanks at its ends"
        : null;

    public static bool IsToken(string name) => name.Length is >= 1 and <= LongestName && !name.AsSpan().ContainsAnyExcept(NameLetters);
}
