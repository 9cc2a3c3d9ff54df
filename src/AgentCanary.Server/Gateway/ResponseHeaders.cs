using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AgentCanary.Server.Gateway;

/// <summary>Copies an agent's headers to the caller, but for what is meant for the gateway or for the connection.</summary>
internal static class ResponseHeaders
{
    /// <summary>Copies one section.</summary>
    /// <param name="source">The headers, content headers or trailers of the answer.</param>
    /// <param name="target">Where they go; null where the caller cannot take them.</param>
    /// <param name="connection">The names that the agent's own Connection header lists.</param>
    /// <param name="record">What is told of reports.</param>
    public static void Copy(HttpHeaders source, IHeaderDictionary? target, StringValues connection, CallRecord record)
    {
        foreach (var (name, values) in source.NonValidated)
        {
            if (HeaderRules.IsReport(name))
            {
                foreach (var value in values) record.OnReport(name, value);
                continue;
            }

            if (target is null || HeaderRules.IsCanary(name) || HeaderRules.IsHopByHop(name) || (connection.Count > 0 && IsListed(connection, name))) continue;
            target[name] = StringValues.Concat(target[name], ValuesOf(values));
        }
    }

    /// <summary>Copies what came behind the body. Trailers need not be announced, but in HTTP/1 they come behind chunks only, and to ask any other answer for them would make a collection for nothing.</summary>
    public static void CopyTrailers(HttpContext context, HttpResponseMessage answer, CallRecord record)
    {
        if (answer.Version.Major < 2 && !answer.Headers.NonValidated.Contains(HeaderNames.TransferEncoding)) return;
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
        Copy(answer.TrailingHeaders, trailers is { IsReadOnly: false } ? trailers : null, default, record);
    }

    /// <summary>Reads the reports of an answer that is not passed on.</summary>
    public static void Read(HttpResponseMessage answer, CallRecord record)
    {
        Copy(answer.Headers, null, default, record);
        Copy(answer.Content.Headers, null, default, record);
        Copy(answer.TrailingHeaders, null, default, record);
    }

    /// <summary>Finds the class that an answer says of itself; null where it says none. Nobody is told of it.</summary>
    public static OutcomeClass? ClassIn(HttpResponseMessage answer)
    {
        var report = default(AgentReport);
        foreach (var source in (ReadOnlySpan<HttpHeaders>)[answer.Headers, answer.Content.Headers, answer.TrailingHeaders])
            foreach (var (name, values) in source.NonValidated)
                if (HeaderRules.IsReport(name))
                    foreach (var value in values) report.TryRead(name, value);
        return report.Class;
    }

    /// <summary>Tells whether a Connection header lists a name.</summary>
    public static bool IsListed(StringValues connection, string name)
    {
        foreach (var line in connection)
            foreach (var range in line.AsSpan().Split(','))
                if (line.AsSpan()[range].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
                    return true;
        return false;
    }

    /// <summary>Gets the values of a Connection header that list more than the usual words; mostly nothing.</summary>
    public static StringValues Listing(StringValues connection) =>
        connection.Count == 1 && connection[0] is { } only && (only.Equals("keep-alive", StringComparison.OrdinalIgnoreCase)
            || only.Equals("close", StringComparison.OrdinalIgnoreCase) || only.Equals("upgrade", StringComparison.OrdinalIgnoreCase)) ? default : connection;

    /// <summary>Turns an agent's header values into the caller's.</summary>
    public static StringValues ValuesOf(HeaderStringValues values)
    {
        if (values.Count <= 1) return values.ToString();
        var all = new string[values.Count];
        var i = 0;
        foreach (var value in values) all[i++] = value;
        return all;
    }
}
