using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AgentCanary.Server.Tests.Api;

public sealed class RouteTableTests
{
    [Fact]
    public async Task Every_endpoint_declares_exactly_one_permission_and_it_is_the_intended_one()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddSingleton<IRolloutStore>(new FakeRollouts()).AddAdminApi();
        await using var app = builder.Build();
        AdminApi.MapEndpoints(app);

        var table = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).Cast<RouteEndpoint>()
            .Select(endpoint => $"{endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single()} {endpoint.RoutePattern.RawText} {EndpointPermissions.Of(endpoint)}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(
            [
                "GET /api/v1/decisions/{id} Viewer",
                "GET /api/v1/rollouts Viewer",
                "GET /api/v1/rollouts/{agent} Viewer",
                "GET /api/v1/rollouts/{agent}/events Viewer",
                "GET /api/v1/rollouts/{agent}/history Viewer",
                "GET /api/v1/rollouts/{agent}/shadow Operator",
                "GET /api/v1/stream Viewer",
                "GET /livez Anyone",
                "GET /metrics Anyone",
                "GET /openapi/{documentName}.json Viewer",
                "GET /readyz Anyone",
                "POST /api/v1/decide Reporter",
                "POST /api/v1/outcomes Reporter",
                "POST /api/v1/rollouts/{agent}/approve Approver",
                "POST /api/v1/rollouts/{agent}/pause Operator",
                "POST /api/v1/rollouts/{agent}/promote Approver",
                "POST /api/v1/rollouts/{agent}/resume Approver",
                "POST /api/v1/rollouts/{agent}/retry Approver",
                "POST /api/v1/rollouts/{agent}/rollback Operator",
                "POST /api/v1/scores Reporter",
                "PUT /api/v1/rollouts/{agent} Operator",
            ],
            table);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task An_endpoint_without_one_permission_keeps_the_server_from_starting(int permissions)
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        var endpoint = app.MapGet("/forgotten", () => "secret");
        for (var i = 0; i < permissions; i++) endpoint.Requires(Permission.Anyone);

        var thrown = Assert.Throws<InvalidOperationException>(() => EndpointPermissions.Check(app));

        Assert.Contains("/forgotten", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:8081", null)]
    [InlineData("http://localhost:0", null)]
    [InlineData("http://[::1]:8081", null)]
    [InlineData("http://0.0.0.0:8081", "could be reached from other machines")]
    [InlineData("http://10.0.0.4:8081", "could be reached from other machines")]
    [InlineData("http://example.org:8081", "could be reached from other machines")]
    [InlineData("http://*:8081", "is not an address")]
    [InlineData("https://127.0.0.1:8081", "is not an address")]
    [InlineData("http://127.0.0.1:8081/admin", "is not an address")]
    [InlineData("8081", "is not an address")]
    [InlineData(null, "is not an address")]
    public void The_admin_listener_stays_on_this_machine(string? text, string? fault)
    {
        Assert.Equal(fault is null, AdminAddress.TryParse(text, out var address, out var message));
        Assert.Equal(fault is null, address is not null);
        if (fault is not null) Assert.Contains(fault, message, StringComparison.Ordinal);
    }
}
