using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AgentCanary.Server.Api;

/// <summary>Lets a caller pass who has the endpoint's permission. Without keys, a caller on this machine has every role, and nobody else has any.</summary>
internal sealed class PermissionGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        // Nothing of ours matched: routing's own answers, such as 405, reveal nothing.
        if (context.GetEndpoint() is not RouteEndpoint endpoint) return next(context);
        return EndpointPermissions.Of(endpoint) switch
        {
            Permission.Anyone => next(context),
            Permission.Nobody => ForbidAsync(context),
            _ => IsLocal(context.Connection) ? next(context) : ForbidAsync(context),
        };
    }

    private static bool IsLocal(ConnectionInfo connection) =>
        connection is { RemoteIpAddress: { } remote, LocalIpAddress: { } local } && IPAddress.IsLoopback(remote) && IPAddress.IsLoopback(local);

    private static Task ForbidAsync(HttpContext context) => ProblemResult.WriteAsync(
        context, new(StatusCodes.Status403Forbidden, ProblemTitles.Forbidden, "Only callers on the server's own machine may use the admin API: call it through its loopback address."));
}
