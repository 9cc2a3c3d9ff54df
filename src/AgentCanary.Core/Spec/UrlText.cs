namespace AgentCanary.Spec;

/// <summary>The rules for addresses: absolute, http or https, and nothing that a proxy would have to guess about.</summary>
internal static class UrlText
{
    private const int Longest = 2048;

    /// <summary>Reads the base address of a version.</summary>
    public static bool TryParseBase(string text, out string? value, out string fault)
    {
        value = text;
        fault = Judge(text, out var url) ?? (url!.Query.Length > 0 ? $"{Quoted(text)} has a query: a base address ends with its path" : "");
        return fault.Length == 0;
    }

    /// <summary>Reads an address that is called from here: https, or http on this machine.</summary>
    public static bool TryParseOutward(string text, out string? value, out string fault)
    {
        value = text;
        fault = Judge(text, out var url)
            ?? (url!.Scheme == Uri.UriSchemeHttps || url.IsLoopback ? "" : "the URL is not encrypted: write https://…");
        return fault.Length == 0;
    }

    public static bool TryParseHost(string text, out string? value, out string fault)
    {
        value = text.ToLowerInvariant();
        fault = Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 && text.All(char.IsAscii)
            ? "" : $"{Quote.Of(text)} is not a host name: write it without scheme, port and path, such as agents.example.com";
        return fault.Length == 0;
    }

    // What may hold a password is not quoted.
    private static string Quoted(string text) => text.Contains('@', StringComparison.Ordinal) ? "the URL" : Quote.Of(text);

    private static string? Judge(string text, out Uri? url)
    {
        url = null;
        if (text.Length > Longest) return $"the URL has {text.Length} characters: at most {Longest} are allowed";
        if (text.Any(letter => letter <= ' ' || letter > '~' || letter == '\\') || !Uri.TryCreate(text, UriKind.Absolute, out url)
            || url.Host.Length == 0)
            return $"{Quoted(text)} is not an absolute URL: write http://HOST:PORT or https://HOST";
        if (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
            return $"{Quoted(text)} is neither http nor https: write http://HOST:PORT or https://HOST";
        if (text.Contains('@', StringComparison.Ordinal) && url.UserInfo.Length > 0)
            return "the URL holds a user name or password: take it out, and send credentials as a header with env:NAME";
        return text.Contains('#', StringComparison.Ordinal) ? $"{Quoted(text)} has a fragment: take out the '#' and what follows" : null;
    }
}
