using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AgentCanary.Server.Gateway;

/// <summary>Copies a caller's headers to an agent: without what is ours or the connection's, with who really called, and with what the version asks for.</summary>
internal static class RequestHeaders
{
    /// <summary>Copies the headers.</summary>
    /// <param name="context">The caller's request.</param>
    /// <param name="target">The request to the agent.</param>
    /// <param name="upstream">The version.</param>
    /// <param name="prefix">The path prefix that was cut off, or nothing.</param>
    /// <param name="isRead">Whether the answer is read as it passes, so that it must not come compressed.</param>
    /// <param name="pin">The version pin that the agent's own calls should carry on, or null.</param>
    /// <returns>How many headers were taken off because they would choose or fake a variant.</returns>
    public static int Copy(HttpContext context, HttpRequestMessage target, Upstream upstream, string prefix, bool isRead, CarriedPin? pin)
    {
        var source = context.Request.Headers;
        var connection = ResponseHeaders.Listing(source.Connection);
        var stripped = 0;
        foreach (var (name, values) in source)
        {
            if (HeaderRules.IsCanary(name)) stripped += values.Count;
            else if (name.Equals(Baggage.Name, StringComparison.OrdinalIgnoreCase)) continue;
            else if (Passes(name) && !(connection.Count > 0 && ResponseHeaders.IsListed(connection, name))) Add(target, name, values);
        }

        if (isRead)
        {
            target.Headers.Remove(HeaderNames.AcceptEncoding);
            Add(target, HeaderNames.AcceptEncoding, "identity");
        }

        AddOrigin(context, target, prefix);
        if (pin is not null) Add(target, CallerPin.Header, pin.Text);
        if (pin is { IsShadow: true }) Add(target, ShadowHeaders.Mark, "1");
        if (Baggage.With(source[Baggage.Name], pin) is { } baggage) Add(target, Baggage.Name, baggage);
        foreach (var (name, value) in upstream.Headers)
        {
            target.Headers.Remove(name);
            Add(target, name, value);
        }

        target.Headers.Host = null; // the agent's own, by its address
        return stripped;
    }

    /// <summary>Tells whether a header is the agent's business at all: not the connection's, and not one that the gateway writes itself.</summary>
    public static bool Passes(string name) => name.Length > 0 && name[0] != ':' && !HeaderRules.IsHopByHop(name) && !HeaderRules.IsOwned(name)
        && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase) && !name.Equals(HeaderNames.Expect, StringComparison.OrdinalIgnoreCase);

    private static void AddOrigin(HttpContext context, HttpRequestMessage target, string prefix)
    {
        if (context.Connection.RemoteIpAddress is { } peer) Add(target, "X-Forwarded-For", (peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).ToString());
        Add(target, "X-Forwarded-Proto", context.Request.Scheme);
        if (context.Request.Host.Value is { Length: > 0 } host) Add(target, "X-Forwarded-Host", host);
        if (prefix.Length > 0) Add(target, "X-Forwarded-Prefix", prefix);
    }

    private static void Add(HttpRequestMessage target, string name, StringValues values)
    {
        // HTTP/2 callers may split a cookie over lines; HTTP/1.1 agents want it in one.
        if (values.Count > 1 && name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase)) values = string.Join("; ", values.ToArray());
        if (values.Count == 1)
        {
            if (!target.Headers.TryAddWithoutValidation(name, values[0])) target.Content?.Headers.TryAddWithoutValidation(name, values[0]);
        }
        else if (!target.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!))
        {
            target.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)values!);
        }
    }
}
