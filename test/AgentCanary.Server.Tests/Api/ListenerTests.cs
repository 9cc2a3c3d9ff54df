using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Server.Controller;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Tests.Api;

public sealed class ListenerTests
{
    [Fact]
    public async Task Users_at_the_data_listener_reach_nothing_of_the_admin_api()
    {
        var rollouts = new FakeRollouts().With(FakeRollouts.Snapshot(new RolloutState { Spec = FakeRollouts.Spec(), Phase = Phase.Progressing }));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0", "http://[::1]:0");
        builder.Services.AddSingleton<IRollouts>(rollouts).AddSingleton<IRolloutStore>(rollouts).AddAdminApi();
        await using var app = builder.Build();
        app.MapWhen(context => context.Connection.LocalIpAddress!.AddressFamily is System.Net.Sockets.AddressFamily.InterNetworkV6, data => data.Run(context => context.Response.WriteAsync("agent")));
        app.MapAdminApi();
        await app.StartAsync();
        using var admin = new TestClient(new(app.Urls.Single(url => url.Contains("127.0.0.1", StringComparison.Ordinal))));
        using var data = new TestClient(new(app.Urls.Single(url => url.Contains("[::1]", StringComparison.Ordinal))));

        foreach (var path in new[] { "/api/v1/rollouts", "/metrics", "/livez", "/openapi/v1.json" })
        {
            Assert.Equal("agent", (await data.SendAsync("GET", path)).Body);
            Assert.Equal(200, (int)(await admin.SendAsync("GET", path)).Status);
        }
        Assert.Equal("agent", (await data.SendAsync("POST", "/api/v1/rollouts/support-agent/rollback", "{}")).Body);
        Assert.Empty(rollouts.Asked);
    }
}
