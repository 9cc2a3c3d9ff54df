using System.Net;
using AgentCanary.Server.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace AgentCanary.Server.Tests.Api;

public sealed class PermissionGateTests
{
    [Theory]
    [InlineData(Permission.Anyone, "10.0.0.9", "10.0.0.4", 200)]
    [InlineData(Permission.Viewer, "127.0.0.1", "127.0.0.1", 200)]
    [InlineData(Permission.Approver, "::1", "::1", 200)]
    [InlineData(Permission.Viewer, "10.0.0.9", "10.0.0.4", 403)]
    [InlineData(Permission.Operator, "10.0.0.4", "10.0.0.4", 403)]
    [InlineData(Permission.Viewer, "127.0.0.1", "10.0.0.4", 403)]
    [InlineData(Permission.Viewer, null, null, 403)]
    [InlineData(Permission.Nobody, "127.0.0.1", "127.0.0.1", 403)]
    [InlineData(null, "127.0.0.1", "127.0.0.1", 403)]
    public async Task Only_callers_of_this_machine_have_roles_and_what_declares_nothing_is_closed(object? permission, string? remote, string? local, int status)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = remote is null ? null : IPAddress.Parse(remote);
        context.Connection.LocalIpAddress = local is null ? null : IPAddress.Parse(local);
        context.SetEndpoint(new RouteEndpoint(
            _ => Task.CompletedTask, RoutePatternFactory.Parse("/x"), 0, permission is Permission declared ? new(new RequiredPermission(declared)) : EndpointMetadataCollection.Empty, "x"));
        var passed = false;

        await new PermissionGate(_ => { passed = true; return Task.CompletedTask; }).InvokeAsync(context);

        Assert.Equal((status, status == 200), (context.Response.StatusCode, passed));
    }
}
