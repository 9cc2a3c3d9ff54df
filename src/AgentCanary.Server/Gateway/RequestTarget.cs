namespace AgentCanary.Server.Gateway;

/// <summary>
/// The path of a request in its one canonical form: what chooses the agent is, byte for byte, what the agent gets.
/// A path that different programs read differently is refused instead of repaired.
/// </summary>
internal static class RequestTarget
{
    /// <summary>What stands before an agent's name.</summary>
    public const string AgentsPrefix = "/agents/";

    /// <summary>Judges a request target as it came.</summary>
    /// <returns>Null where it is canonical, else why not.</returns>
    public static Refusal? Judge(string target)
    {
        if (target.Length == 0 || target[0] != '/')
            return Refusal.Malformed("bad_target", "The request target must be a path that starts with '/'. Absolute and asterisk forms are not proxied.");
        if (target.Contains('#', StringComparison.Ordinal)) return Ambiguous("holds '#'");
        var path = PathOf(target);
        for (var i = 0; i < path.Length; i++)
        {
            var fault = path[i] switch
            {
                '/' => SegmentFault(path[(i + 1)..]),
                ';' => "holds ';'",
                '\\' => "holds a backslash",
                '%' => EscapeFault(path[(i + 1)..]),
                <= ' ' or >= '\x7f' => "holds a character that must be escaped",
                _ => null,
            };
            if (fault is not null) return Ambiguous(fault);
        }

        return null;
    }

    /// <summary>Cuts the query off.</summary>
    public static ReadOnlySpan<char> PathOf(string target)
    {
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? target : target.AsSpan(0, query);
    }

    /// <summary>Reads the agent's name off a path such as <c>/agents/NAME/rest?query</c>.</summary>
    public static bool TrySplit(string target, out ReadOnlySpan<char> agent, out string rest)
    {
        agent = default;
        rest = target;
        if (!target.StartsWith(AgentsPrefix, StringComparison.Ordinal)) return false;
        var tail = target.AsSpan(AgentsPrefix.Length);
        var end = tail.IndexOfAny('/', '?');
        agent = end < 0 ? tail : tail[..end];
        rest = end < 0 ? "/" : tail[end] == '/' ? target[(AgentsPrefix.Length + end)..] : "/" + target[(AgentsPrefix.Length + end)..];
        return agent.Length > 0;
    }

    private static string? SegmentFault(ReadOnlySpan<char> after)
    {
        if (after.Length == 0) return null;
        if (after[0] == '/') return "holds '//'";
        if (after[0] != '.') return null;
        var end = after.IndexOf('/');
        var segment = end < 0 ? after : after[..end];
        return segment is "." or ".." ? "holds a '.' or '..' segment" : null;
    }

    // An escaped dot, slash, backslash, NUL, semicolon or per cent sign means one thing before decoding and another after it.
    private static string? EscapeFault(ReadOnlySpan<char> after)
    {
        if (after.Length < 2 || !char.IsAsciiHexDigit(after[0]) || !char.IsAsciiHexDigit(after[1])) return "holds '%' without two hex digits";
        var value = (Convert.ToInt32(after[0].ToString(), 16) << 4) | Convert.ToInt32(after[1].ToString(), 16);
        return value is '.' or '/' or '\\' or ';' or '%' or < ' ' or 0x7f ? $"holds the escape '%{after[..2]}'" : null;
    }

    private static Refusal Ambiguous(string fault) => new(400, "ambiguous_path",
        $"The path {fault}, which programs read differently. Send it in its plain form: no empty, '.' or '..' segments and no escaped separators.");
}
