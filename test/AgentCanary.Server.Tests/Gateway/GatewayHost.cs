using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server.Gateway;

/// <summary>The gateway on a real Kestrel, on a free loopback port.</summary>
internal sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _directory;

    private GatewayHost(WebApplication app, DirectoryInfo directory)
    {
        (_app, _directory) = (app, directory);
        Client = new(Address);
    }

    public Uri Address => new(_app.Urls.Single());

    public TestClient Client { get; }

    public TapList Outcomes => (TapList)Get<IOutcomeTap>();

    public GatewayCounters Counters => Get<GatewayCounters>();

    public static Task<GatewayHost> StartAsync(params RolloutSpec[] specs) => StartAsync(_ => { }, specs);

    public static Task<GatewayHost> StartAsync(Action<GatewayOptions> configure, params RolloutSpec[] specs) => StartAsync(TimeProvider.System, configure, specs);

    /// <summary>Starts the gateway by a clock of the test's. Silence and connections alone are timed by the machine's.</summary>
    public static async Task<GatewayHost> StartAsync(TimeProvider time, Action<GatewayOptions> configure, params RolloutSpec[] specs)
    {
        var directory = Directory.CreateTempSubdirectory("gateway-test-");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time).AddSingleton<IOutcomeTap, TapList>();
        builder.Services.AddGateway(options =>
        {
            options.DataDirectory = directory.FullName;
            // Callers and agents here are as quick as the machine, which may stall: what is too slow, a test says itself.
            options.ConnectTimeout = options.HeadersTimeout = Eventually.Limit;
            configure(options);
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
            kestrel.UseGatewayLimits(options);
            kestrel.Limits.MinRequestBodyDataRate = kestrel.Limits.MinResponseDataRate = null;
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listener => listener.UseGatewayLimits(options));
        });
        GatewayListener.RefuseBareLineFeeds();
        var app = builder.Build();
        app.Services.GetRequiredService<RolloutRegistry>().Publish(Some.Published(specs));
        app.RunGateway();
        await app.StartAsync();
        return new(app, directory);
    }

    public T Get<T>()
        where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Waits until nothing is under way, then holds the books against each other: requests in = answered + refused + gone.</summary>
    public async Task BalanceAsync()
    {
        var totals = Get<RequestTotals>();
        // A request is counted as finished a moment before its outcome is told.
        await Eventually.TrueAsync(() => totals.All.All(version => version.InFlight == 0) && Counters.Received == Settled(totals) && Outcomes.All.Count >= totals.All.Sum(Finished));
        Assert.Equal(totals.All.Sum(Finished), Outcomes.All.Count);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private long Settled(RequestTotals totals) => totals.All.Sum(Finished) + Counters.Refused.Values.Sum() + Counters.GoneBeforeRouting;

    private static long Finished(VersionTotals version) => Enum.GetValues<OutcomeClass>().Sum(version.Count);
}
