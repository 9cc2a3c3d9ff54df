using System.Text;
using System.Text.RegularExpressions;

namespace AgentCanary.Shadow;

/// <summary>
/// Takes out of a text what looks like a secret or like one person's: addresses of mail, keys, tokens, long ids, and numbers such as those of phones and cards. By looks alone, so that names,
/// postal addresses and secrets in plain words stay; what it takes too much of costs a reader little. Pure and thread-safe, in time linear in the text.
/// </summary>
public static class Redaction
{
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    // What follows it is read by hand: as one pattern, a text of such names alone took seconds.
    private static readonly Regex Named = new("""(?:(?:pass(?:word|wd|phrase)|secret|api[ _-]?key|cookie|credential)s?|token|authorization)["'\\]*\s*[:=]{1,2}>?\s*""", Linear | RegexOptions.IgnoreCase);
    // A letter behind an escape would hide a name or an address. Quotes and backslashes stay, for they tell where a value ends.
    private static readonly Regex Escaped = new(@"\\+u00(?:2[013-9a-f]|[346][0-9a-f]|5[0-9abd-f]|7[0-9a-e])", Linear | RegexOptions.IgnoreCase);

    private static readonly (Regex Pattern, string Mark)[] Rules =
    [
        (new(@"bearer\s+[^\s\[\]""]{6,}", Linear | RegexOptions.IgnoreCase), "[token]"),
        (new(@"eyJ[A-Za-z0-9_\-]{6,}(?:\.[A-Za-z0-9_\-]*){1,4}", Linear), "[token]"),
        (new(@"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}_\-]+(?:\.[\p{L}\p{N}_\-]+)+", Linear), "[email]"),
        (new(@"(?:sk|pk|rk|ghp|gho|ghu|ghs|github_pat|glpat|xox[abeprs]|hf|npm|pypi)[-_][A-Za-z0-9_\-]{12,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|AIza[A-Za-z0-9_\-]{20,}", Linear), "[key]"),
        (new(@"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{16,}", Linear | RegexOptions.IgnoreCase), "[id]"),
        (new(@"[A-Za-z0-9+/_\-]{32,}={0,2}", Linear), "[id]"),
        (new(@"\+?\d(?:[ ().\-/\u00A0\u2011\u2013]{0,2}\d){8,}", Linear), "[number]"),
    ];

    /// <summary>Redacts a text: each find is replaced by its kind in brackets. Done to a redacted text it changes nothing.</summary>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // What a mark replaces may have been what kept its neighbour from being found. Marks hold nothing that a rule looks for, so this ends.
        for (var redacted = Once(text); ; redacted = Once(text))
        {
            if (redacted == text) return text;
            text = redacted;
        }
    }

    private static string Once(string text)
    {
        text = Escaped.Replace(text, static escape => ((char)Convert.ToInt32(escape.Value[^2..], 16)).ToString());
        text = WithoutNamed(text);
        foreach (var (pattern, mark) in Rules) text = pattern.Replace(text, mark);
        return text;
    }

    private static string WithoutNamed(string text)
    {
        StringBuilder? redacted = null;
        var from = 0;
        foreach (var name in Named.EnumerateMatches(text))
        {
            var start = name.Index + name.Length;
            if (name.Index < from) continue; // inside of a value that is out already
            var end = SecretValue.EndOf(text, name.Index, start);
            if (end == start) continue;
            (redacted ??= new()).Append(text, from, name.Index - from).Append("[secret]");
            from = end;
        }
        return redacted is null ? text : redacted.Append(text, from, text.Length - from).ToString();
    }
}
