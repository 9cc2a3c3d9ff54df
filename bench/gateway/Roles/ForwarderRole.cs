using System.Diagnostics;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace AgentCanary.GatewayBench.Roles;

/// <summary>YARP's direct forwarding as its documentation sets it up, and nothing else: no routing, no measuring.</summary>
internal static class ForwarderRole
{
    public static async Task RunAsync(int port, string agent)
    {
        var app = WebServer.Make(port, services => services.AddHttpForwarder());
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
            ConnectTimeout = TimeSpan.FromSeconds(15),
        });
        app.Run(async context => await forwarder.SendAsync(context, agent, client));
        await app.RunAsync();
    }
}
