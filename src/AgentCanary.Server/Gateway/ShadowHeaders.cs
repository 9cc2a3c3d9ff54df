using System.Collections.Immutable;
using AgentCanary.Shadow;
using AgentCanary.Spec;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentCanary.Server.Gateway;

/// <summary>The headers of a shadow call: the caller's without credentials, traces and who called; the version's own; and the marks by which tools know that they must not act.</summary>
internal static class ShadowHeaders
{
    /// <summary>The mark that every shadow call has.</summary>
    public const string Mark = "X-Canary-Shadow";

    /// <summary>Keeps what passes of a caller's headers, and adds the marks.</summary>
    public static ImmutableArray<KeyValuePair<string, string>> Keep(IHeaderDictionary source, ShadowSpec? spec, CarriedPin pin)
    {
        var connection = ResponseHeaders.Listing(source.Connection);
        var kept = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(source.Count + 3);
        foreach (var (name, values) in source)
        {
            if (!name.Equals(Baggage.Name, StringComparison.OrdinalIgnoreCase) && Passes(name, spec) && !(connection.Count > 0 && ResponseHeaders.IsListed(connection, name))) kept.Add(new(name, values.ToString()));
        }

        kept.Add(new(CallerPin.Header, pin.Text));
        kept.Add(new(Baggage.Name, Baggage.With(source[Baggage.Name], pin) ?? pin.Member));
        kept.Add(new(Mark, "1"));
        return kept.DrainToImmutable();
    }

    /// <summary>Puts headers on a request: those that were kept, and over them the version's own.</summary>
    public static void Put(ShadowCall call, Upstream upstream, HttpRequestMessage target)
    {
        foreach (var (name, value) in call.Headers) Add(target, name, value);
        foreach (var (name, value) in upstream.Headers)
        {
            target.Headers.Remove(name);
            Add(target, name, value);
        }
        // Nobody but the comparison reads the answer, and it reads plain bytes.
        target.Headers.Remove(HeaderNames.AcceptEncoding);
        Add(target, HeaderNames.AcceptEncoding, "identity");
    }

    private static bool Passes(string name, ShadowSpec? spec) => RequestHeaders.Passes(name) && !HeaderRules.IsCanary(name) && !ShadowPolicy.IsTrace(name)
        && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase)
        && (!ShadowPolicy.IsCredential(name) || spec?.Forward.Contains(name, StringComparer.OrdinalIgnoreCase) == true);

    private static void Add(HttpRequestMessage target, string name, string value)
    {
        if (!target.Headers.TryAddWithoutValidation(name, value)) target.Content?.Headers.TryAddWithoutValidation(name, value);
    }
}
