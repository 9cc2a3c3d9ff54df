namespace AgentCanary.GatewayBench.Roles;

/// <summary>Kestrel on a port of this machine and nothing else.</summary>
internal static class WebServer
{
    public static WebApplication Make(int port, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.ListenLocalhost(port));
        services?.Invoke(builder.Services);
        return builder.Build();
    }
}
