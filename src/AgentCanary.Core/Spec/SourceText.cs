namespace AgentCanary.Spec;

/// <summary>The names of places in a request: <c>header:NAME</c>, <c>cookie:NAME</c>, <c>body:$.path</c>.</summary>
internal static class SourceText
{
    private const string Header = "header:";
    private const string Cookie = "cookie:";
    private const string Body = "body:$.";
    private const int LongestPath = 256;

    /// <summary>Reads the source of a sticky key.</summary>
    public static bool TryParseKey(string text, out string value, out string fault)
    {
        if (text.StartsWith(Body, StringComparison.Ordinal))
        {
            value = text;
            fault = IsPath(text[Body.Length..]) ? ""
                : $"{Quote.Of(text)} is not a path: write names of letters, digits, '_' and '-' with dots between, such as body:$.user.id";
            return fault.Length == 0;
        }
        return TryParse(text, "header:NAME, cookie:NAME or body:$.field", out value, out fault);
    }

    /// <summary>Reads the attribute that a cohort rule looks at.</summary>
    public static bool TryParseAttribute(string text, out string value, out string fault) =>
        TryParse(text, "header:NAME or cookie:NAME", out value, out fault);

    private static bool TryParse(string text, string wanted, out string value, out string fault)
    {
        value = text;
        var name = text.StartsWith(Header, StringComparison.Ordinal) || text.StartsWith(Cookie, StringComparison.Ordinal)
            ? text[Header.Length..] : null;
        fault = name is null ? $"{Quote.Of(text)} is not a source: write {wanted}"
            : HeaderText.IsToken(name) ? ""
            : $"{Quote.Of(name)} is not a name that a header or cookie can have: write letters, digits and '-'";
        // Header names have no case; cookie names have.
        if (text.StartsWith(Header, StringComparison.Ordinal)) value = text.ToLowerInvariant();
        return fault.Length == 0;
    }

    private static bool IsPath(string path) => path.Length <= LongestPath
        && path.Split('.').All(name => name.Length > 0 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-'));
}
