using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AgentCanary.Server.Gateway;

/// <summary>What is refused although the web server lets it pass: requests that two programs on the way could frame or authorise differently.</summary>
internal static class RequestRules
{
    /// <summary>Judges a request by its line and headers; the body is not touched.</summary>
    /// <returns>Null where it may pass.</returns>
    public static Refusal? Judge(HttpContext context, long maxBody)
    {
        var request = context.Request;
        if (FramingFault(request) is { } framing) return framing;
        if (request.ContentLength > maxBody) return Refusal.BodyTooLarge;
        if (request.Headers.Authorization.Count > 1) return Repeated("Authorization");
        if (HttpMethods.IsTrace(request.Method) || HttpMethods.IsConnect(request.Method) && request.Protocol == "HTTP/1.1")
            return Refusal.Malformed("bad_method", $"The method {request.Method} is not proxied.");
        return Disguise(request.Headers) ?? RequestTarget.Judge(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
    }

    private static Refusal? FramingFault(HttpRequest request)
    {
        var coding = request.Headers.TransferEncoding;
        if (coding.Count == 0) return null;
        if (request.Protocol == "HTTP/1.0") return Refusal.Malformed("bad_framing", "HTTP/1.0 knows no Transfer-Encoding. Send a Content-Length.");
        if (coding.Count > 1) return Repeated("Transfer-Encoding");
        return string.Equals(coding[0], "chunked", StringComparison.OrdinalIgnoreCase) ? null
            : Refusal.Malformed("bad_framing", "The only Transfer-Encoding taken here is 'chunked'. Send the body as it is.");
    }

    private static Refusal? Disguise(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
            if (HeaderRules.IsDisguised(name))
                return Refusal.Malformed("disguised_header", $"The header '{name}' may be read as the one with hyphens. Spell it with hyphens.");
        return null;
    }

    private static Refusal Repeated(string name) => Refusal.Malformed("repeated_header", $"The header {name} is sent more than once. Send it once.");
}
