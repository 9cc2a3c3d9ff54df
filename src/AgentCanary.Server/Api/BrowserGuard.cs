using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentCanary.Server.Api;

/// <summary>
/// Keeps foreign web pages out of an API that trusts its own machine. A page can make the user's browser call a loopback address, by its own name (DNS
/// rebinding: a foreign Host) or from another origin; neither gets an answer.
/// </summary>
internal sealed class BrowserGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (!IsOurs(request.Host, context.Connection.LocalIpAddress))
            return ProblemResult.WriteAsync(context, new(
                StatusCodes.Status421MisdirectedRequest, ProblemTitles.ForeignHost, "The Host of the request is not this server: use localhost, a loopback address or the address that the server is bound to."));
        if (!IsSameOrigin(request))
            return ProblemResult.WriteAsync(context, new(
                StatusCodes.Status403Forbidden, ProblemTitles.ForeignOrigin, "The request comes from a web page of another origin: pages of this server and programs may call it, other pages may not."));
        return next(context);
    }

    private static bool IsOurs(HostString host, IPAddress? bound)
    {
        if (!host.HasValue) return false;
        if (host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)) return true;
        return IPAddress.TryParse(host.Host, out var address) && (IPAddress.IsLoopback(address) || address.Equals(bound));
    }

    private static bool IsSameOrigin(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (!StringValues.IsNullOrEmpty(origin) && !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase)) return false;
        // Pages on another port of this machine are "same-site", so only the strict values pass.
        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
    }
}
