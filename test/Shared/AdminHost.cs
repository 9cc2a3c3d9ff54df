using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Server.Controller;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Testing;

/// <summary>The admin API on a real Kestrel, on a free loopback port.</summary>
public sealed class AdminHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AdminHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<AdminHost> StartAsync(FakeRollouts rollouts, Action<IServiceCollection>? configure = null, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSingleton<IRollouts>(rollouts).AddSingleton<IRolloutStore>(rollouts);
        configure?.Invoke(builder.Services);
        builder.Services.AddAdminApi();
        var app = builder.Build();
        app.MapAdminApi();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
