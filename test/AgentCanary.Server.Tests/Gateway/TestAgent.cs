using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Server.Gateway;

/// <summary>An agent on a real Kestrel, on a free loopback port.</summary>
internal sealed class TestAgent : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestAgent(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Gets the requests that came, each as its line, its headers in lower case, and its body.</summary>
    public ConcurrentQueue<(string Line, Dictionary<string, string> Headers, string Body)> Requests { get; } = new();

    /// <summary>An agent that answers with its name.</summary>
    public static Task<TestAgent> StartAsync(string name) => StartAsync(context => context.Response.WriteAsync(name));

    public static async Task<TestAgent> StartAsync(RequestDelegate answer, bool readsBody = true)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").UseSockets().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = null;
        });
        var app = builder.Build();
        var agent = new TestAgent(app);
        app.UseWebSockets();
        app.Run(async context =>
        {
            var body = readsBody ? await new StreamReader(context.Request.Body, Encoding.UTF8).ReadToEndAsync() : "";
            var target = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
            agent.Requests.Enqueue(($"{context.Request.Method} {target}", context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString()), body));
            await answer(context);
        });
        await app.StartAsync();
        return agent;
    }

    /// <summary>Stops in good order: what is under way is answered, then nobody listens.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
