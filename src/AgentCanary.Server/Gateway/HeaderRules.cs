namespace AgentCanary.Server.Gateway;

/// <summary>Which headers stay on their side of the gateway. Names are compared as agents may read them: any case, and an underscore for a hyphen.</summary>
internal static class HeaderRules
{
    private static readonly string[] HopByHop =
    [
        "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
        "te", "trailer", "transfer-encoding", "upgrade", "http2-settings",
    ];

    private static readonly string[] Owned =
    [
        "forwarded", "x-real-ip", "x-original-host", "x-original-proto", "x-original-for", "x-original-url", "x-rewrite-url", "via",
    ];

    private static readonly string[] Framing = ["content-length", "transfer-encoding", "host", "authorization", "connection", "cookie"];

    /// <summary>Tells whether the name is one of ours that decides or reports a variant: <c>x-canary</c> or <c>x-canary-…</c>.</summary>
    public static bool IsCanary(string name) => name.Length >= 8 && (name[0] | 0x20) == 'x' && Is(name.AsSpan(0, 8), "x-canary")
        && (name.Length == 8 || name[8] is '-' or '_');

    /// <summary>Tells whether an agent reports its outcome by this header.</summary>
    public static bool IsReport(string name) => name.Length is 13 or 15 && (name[0] | 0x20) == 'x' && (Is(name, "x-agent-score") || Is(name, "x-agent-outcome"));

    /// <summary>Tells whether the header is meant for the next hop only.</summary>
    public static bool IsHopByHop(string name) => Contains(HopByHop, name);

    /// <summary>Tells whether the header tells the agent who called, so that the gateway's own value replaces it.</summary>
    public static bool IsOwned(string name) => Contains(Owned, name) || (name.Length > 12 && Is(name.AsSpan(0, 12), "x-forwarded-"));

    /// <summary>Tells whether the name is an underscored spelling of a header that frames or authorises a request.</summary>
    public static bool IsDisguised(string name) => name.Contains('_', StringComparison.Ordinal) && Contains(Framing, name);

    private static bool Contains(string[] names, string name)
    {
        foreach (var candidate in names)
            if (candidate.Length == name.Length && (candidate[0] | 0x20) == (name[0] | 0x20) && Is(name, candidate))
                return true;
        return false;
    }

    private static bool Is(ReadOnlySpan<char> name, string lower)
    {
        if (name.Length != lower.Length) return false;
        for (var i = 0; i < lower.Length; i++)
        {
            var unit = name[i] == '_' ? '-' : name[i];
            if (unit != lower[i] && (unit | 0x20) != lower[i]) return false;
            if (unit != lower[i] && unit is not (>= 'A' and <= 'Z')) return false;
        }

        return true;
    }
}
