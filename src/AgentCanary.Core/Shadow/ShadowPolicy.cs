using System.Buffers;
using System.Collections.Immutable;

namespace AgentCanary.Shadow;

/// <summary>Which requests may be repeated to a shadow, and what of them stays behind. Pure and thread-safe.</summary>
public static class ShadowPolicy
{
    // What names a credential in headers and in queries, wherever it stands in the name.
    private static readonly SearchValues<string> CredentialParts = SearchValues.Create(
        ["auth", "cookie", "token", "secret", "password", "passwd", "credential", "api-key", "apikey", "api_key", "session", "signature", "jwt", "oidc", "csrf", "xsrf", "dpop", "principal"],
        StringComparison.OrdinalIgnoreCase);

    // A trace that stable's call belongs to would take the shadow's spans for the user's.
    private static readonly ImmutableArray<string> TraceNames = ["traceparent", "tracestate", "b3", "x-b3-traceid", "x-b3-spanid", "x-b3-parentspanid", "x-b3-sampled", "x-b3-flags"];

    /// <summary>Tells whether a request may be repeated: its method changes nothing by definition (RFC 9110, 9.2.1), or its path was declared safe.</summary>
    /// <param name="method">The method as it came.</param>
    /// <param name="path">The path without its query.</param>
    /// <param name="safe">The paths that were declared safe, each whole or with <c>/*</c> at its end.</param>
    public static bool MayRepeat(string method, ReadOnlySpan<char> path, ImmutableArray<string> safe)
    {
        ArgumentNullException.ThrowIfNull(method);
        if (IsRead(method)) return true;
        foreach (var one in safe)
            if (Matches(one, path)) return true;
        return false;
    }

    /// <summary>Tells whether a method changes nothing by definition.</summary>
    public static bool IsRead(string method) => method is "GET" or "HEAD" or "OPTIONS";

    /// <summary>Tells whether a draw takes a request into the sample.</summary>
    /// <param name="share">The share of requests that is sampled.</param>
    /// <param name="draw">A uniform draw from 0 to 9,999.</param>
    public static bool IsSampled(Weight share, int draw) => draw < share.BasisPoints;

    /// <summary>Tells whether a header or a query field holds a user's credential, as far as its name tells.</summary>
    public static bool IsCredential(ReadOnlySpan<char> name) => name.ContainsAny(CredentialParts);

    /// <summary>Tells whether a header ties a request to its caller's trace.</summary>
    public static bool IsTrace(ReadOnlySpan<char> name)
    {
        foreach (var trace in TraceNames)
            if (name.Equals(trace, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    /// <summary>Tells whether a query holds a credential: such a request is not repeated, for an agent may do other things without it.</summary>
    /// <param name="target">Path and query.</param>
    public static bool HasCredentialInQuery(ReadOnlySpan<char> target)
    {
        var at = target.IndexOf('?');
        if (at < 0) return false;
        var query = target[(at + 1)..];
        foreach (var range in query.Split('&'))
        {
            var field = query[range];
            var name = field.IndexOf('=') is >= 0 and var end ? field[..end] : field;
            if (IsCredential(name) || name is "key" or "sig" || name.Contains('%')) return true;
        }
        return false;
    }

    private static bool Matches(string safe, ReadOnlySpan<char> path) =>
        safe.EndsWith("/*", StringComparison.Ordinal) ? path.StartsWith(safe.AsSpan(0, safe.Length - 1)) : path.SequenceEqual(safe);
}
