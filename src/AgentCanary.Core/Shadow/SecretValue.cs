using System.Buffers;

namespace AgentCanary.Shadow;

/// <summary>Reads how far the value of a named secret goes: rather too far than not far enough. Pure and thread-safe, in time linear in what it reads.</summary>
internal static class SecretValue
{
    private static readonly SearchValues<char> EndOfWord = SearchValues.Create("\"'\\ \t\r\n\f\v\u0085\u00A0\u2028\u2029");
    private static readonly SearchValues<char> InLine = SearchValues.Create("\r\n\f\v\u0085\u2028\u2029\"\\");
    private static readonly SearchValues<char> InBrackets = SearchValues.Create("[]{}\"'");

    /// <summary>Finds where the value ends: before the quote that closes it, behind the bracket that does.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">Where the secret's name begins.</param>
    /// <param name="start">Where its value begins, with the quote that opens it.</param>
    /// <returns><paramref name="start"/> where the value is empty.</returns>
    public static int EndOf(string text, int name, int start)
    {
        var at = start;
        while (at < text.Length && text[at] is '\\') at++;
        if (at == text.Length) return start;
        var end = text[at] switch
        {
            '"' or '\'' => OfQuoted(text, at),
            '[' or '{' => OfBrackets(text, at),
            _ => OfBare(text, name, at),
        };
        return end > at ? end : start;
    }

    // A value in quotes that is empty is none, unless a word stands behind it.
    private static int OfQuoted(string text, int quote)
    {
        var (end, _) = Closing(text, quote);
        if (end > quote + 1) return end;
        var at = quote;
        while (at < text.Length && text[at] is '"' or '\'' or '\\') at++;
        return at < text.Length && char.IsLetterOrDigit(text[at]) ? OfWord(text, at) : quote;
    }

    private static int OfBare(string text, int name, int at)
    {
        if (text.AsSpan(name).StartsWith("cookie", StringComparison.OrdinalIgnoreCase)) return OfLine(text, at);
        var end = OfWord(text, at);
        var word = text.AsSpan(at, end - at);
        var isScheme = word.Equals("bearer", StringComparison.OrdinalIgnoreCase) || word.Equals("basic", StringComparison.OrdinalIgnoreCase);
        if (!isScheme) return text.AsSpan(name).StartsWith("authorization", StringComparison.OrdinalIgnoreCase) ? OfLine(text, at) : end;
        while (end < text.Length && text[end] is ' ' or '\t') end++;
        return OfWord(text, end);
    }

    // What ends a sentence, or closes what is around, is not the value's.
    private static int OfWord(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny(EndOfWord) is >= 0 and var length ? at + length : text.Length;
        while (end > at && text[end - 1] is ',' or ';' or '.' or '}' or ']' or ')') end--;
        return end;
    }

    // In JSON a line is within a string, and ends with it.
    private static int OfLine(string text, int at)
    {
        var isJson = text[0] is '{' or '[';
        for (var end = at; end < text.Length; end++)
        {
            if (text.AsSpan(end).IndexOfAny(InLine) is not (>= 0 and var length)) break;
            end += length;
            if (text[end] is '\\' && end + 1 < text.Length && text[end + 1] is not ('n' or 'r')) end++;
            else if (text[end] is not '"' || (isJson && IsClosing(text, end))) return end;
        }
        return text.Length;
    }

    private static bool IsClosing(string text, int quote)
    {
        var rest = text.AsSpan(quote + 1);
        var after = rest.IndexOfAnyExcept(" \t\r\n");
        return after < 0 || rest[after] is ',' or '}' or ']' or ':';
    }

    private static int OfBrackets(string text, int at)
    {
        var depth = 0;
        for (; at < text.Length; at++)
        {
            if (text.AsSpan(at).IndexOfAny(InBrackets) is not (>= 0 and var length)) break;
            at += length;
            if (text[at] is '[' or '{') depth++;
            else if (text[at] is ']' or '}' && --depth == 0) return at + 1;
            else if (text[at] is '"' || (text[at] is '\'' && !char.IsLetter(text[at - 1]))) at = Closing(text, at).Quote;
        }
        return text.Length;
    }

    // In JSON within a string each quote has a backslash, and one within that string three: with as many as the opening one has, and with pairs of them, it closes.
    private static (int End, int Quote) Closing(string text, int quote)
    {
        var depth = Backslashes(text, quote, 0);
        for (var from = quote + 1; from < text.Length; from++)
        {
            if (text.AsSpan(from).IndexOf(text[quote]) is not (>= 0 and var length)) break;
            var before = Backslashes(text, from + length, from);
            from += length;
            if (before < depth || (before - depth) % (2 * (depth + 1)) == 0) return (from - Math.Min(before, depth), from);
        }
        return (text.Length, text.Length);
    }

    private static int Backslashes(string text, int before, int from)
    {
        var at = before;
        while (at > from && text[at - 1] is '\\') at--;
        return before - at;
    }
}
