using System.Collections.Immutable;
using AgentCanary.Control;
using AgentCanary.Server.Api;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Health;
using AgentCanary.Server.Pins;
using AgentCanary.Server.Reports;
using AgentCanary.Server.Traces;
using AgentCanary.Spec;
using AgentCanary.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AgentCanary.Server;

/// <summary>The whole server: a store, a controller, a data listener for the agents' traffic and an admin listener for people. Two listeners, for they have two kinds of callers.</summary>
public sealed class ServerHost : IAsyncDisposable
{
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(5);

    private readonly SqliteRolloutStore _store;
    private readonly WebApplication _admin;
    private readonly WebApplication _data;

    private ServerHost(SqliteRolloutStore store, WebApplication admin, WebApplication data) => (_store, _admin, _data) = (store, admin, data);

    /// <summary>Gets the address that the data listener really has.</summary>
    public Uri Listen => Address(_data);

    /// <summary>Gets the address that the admin listener really has.</summary>
    public Uri Admin => Address(_admin);

    /// <summary>Gets the controller.</summary>
    public IRollouts Rollouts => _admin.Services.GetRequiredService<IRollouts>();

    /// <summary>Opens the store, goes on with what it knows, applies the given rollouts, and listens.</summary>
    /// <param name="options">Where.</param>
    /// <param name="specs">The rollouts to apply before the first request.</param>
    /// <param name="supersede">Whether other terms for known versions begin a new attempt.</param>
    /// <param name="logging">Sets up logging.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be opened.</exception>
    /// <exception cref="IOException">Another process listens at an address.</exception>
    /// <exception cref="RolloutRefusedException">A rollout was refused; nothing listens.</exception>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options, ImmutableArray<RolloutSpec> specs, bool supersede, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = await SqliteRolloutStore.OpenAsync(options.DataDirectory, cancellationToken);
        var host = new ServerHost(store, AdminApp(options, store, logging, out var shared), DataApp(options, shared, logging));
        try
        {
            // What begins a rollout is kept, and its clock runs: nothing begins that could not be served.
            AddressProbe.Probe(options.Admin, options.Listen);
            var controller = shared.Controller;
            await controller.LoadAsync(cancellationToken);
            foreach (var spec in specs)
            {
                var result = await controller.ApplyAsync(spec, supersede, "cli", cancellationToken);
                if (result.Status is not CommandStatus.Done) throw new RolloutRefusedException(spec.Agent, result);
            }
            await host._admin.Services.GetRequiredService<PinKeeper>().LoadAsync(cancellationToken);
            await host._admin.Services.GetRequiredService<ReportKeeper>().LoadAsync(cancellationToken);
            await host._admin.StartAsync(cancellationToken);
            await host.FindCanariesAsync(cancellationToken);
            await host._data.StartAsync(cancellationToken);
            return host;
        }
        catch (IOException fault) when (fault.InnerException is AddressInUseException)
        {
            await host.StopAsync();
            await host.DisposeAsync();
            throw new IOException($"{fault.Message.TrimEnd('.')}: stop what listens there, or name another address with --listen or --admin.", fault);
        }
        catch
        {
            await host.StopAsync();
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the process is asked to stop, then stops accepting, drains for up to 10 s and keeps the last evidence.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.Register(() => stopping.TrySetResult());
        await stopping.Task;
        await StopAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _data.DisposeAsync();
        await _admin.DisposeAsync();
        await _store.DisposeAsync();
    }

    // A canary that nobody has asked yet counts as down, and what belongs to it would go to stable: so after a restart traffic begins when the first probes have been answered.
    // A canary that does not answer holds nobody up for long.
    private async Task FindCanariesAsync(CancellationToken cancellationToken)
    {
        var (registry, health) = (_admin.Services.GetRequiredService<RolloutRegistry>(), _admin.Services.GetRequiredService<HealthBoard>());
        if (!registry.Current.Values.Any(runtime => runtime.Plan.Mode is Routing.RouteMode.Split || runtime.Plan.IsDraining)) return;
        var startedAt = TimeProvider.System.GetTimestamp();
        while (HealthEndpoints.Missing(Rollouts.Snapshots, registry, health).Length > 0 && TimeProvider.System.GetElapsedTime(startedAt) < LongestSearch)
            await Task.Delay(20, cancellationToken);
    }

    // The traffic ends first, so that the controller counts the last of it.
    private async Task StopAsync()
    {
        await _data.StopAsync(CancellationToken.None);
        await _admin.StopAsync(CancellationToken.None);
    }

    private static WebApplication AdminApp(ServerOptions options, SqliteRolloutStore store, Action<ILoggingBuilder> logging, out Shared shared)
    {
        var builder = Builder(logging);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            Listens(server, options.Admin, _ => { });
        });
        builder.Services.AddSingleton<IRolloutStore>(provider => new ReportsFirst(store, provider.GetRequiredService<ReportKeeper>()));
        builder.Services.AddSingleton(store.Reports).AddSingleton<ReportKeeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<ReportKeeper>());
        builder.Services.AddSingleton(store.Pins).AddSingleton<PinBoard>().AddSingleton<PinKeeper>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<PinKeeper>());
        builder.Services.AddSingleton<RolloutController>();
        builder.Services.AddHostedService(provider => provider.GetRequiredService<RolloutController>());
        builder.Services.Configure<GatewayOptions>(gateway => (gateway.AllowExecProbes, gateway.DataDirectory) = (options.AllowExecProbes, options.DataDirectory));
        builder.Services.AddHealthProbes();
        builder.Services.AddAdminApi();
        var app = builder.Build();
        app.MapAdminApi();
        shared = new(app.Services.GetRequiredService<RolloutController>(), app.Services.GetRequiredService<RolloutRegistry>(), app.Services.GetRequiredService<RequestTotals>(),
            app.Services.GetRequiredService<GatewayCounters>(), app.Services.GetRequiredService<DecisionIds>(), app.Services.GetRequiredService<AnswerNames>(), app.Services.GetRequiredService<TraceCounters>(),
            app.Services.GetRequiredService<PinBoard>(), app.Services.GetRequiredService<ShadowPairs>());
        return app;
    }

    private static WebApplication DataApp(ServerOptions options, Shared shared, Action<ILoggingBuilder> logging)
    {
        GatewayListener.RefuseBareLineFeeds();
        var builder = Builder(logging);
        // While anybody listens to it, the host makes an activity for every request, which nobody here reads.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        builder.Services.AddSingleton(shared.Registry).AddSingleton(shared.Totals).AddSingleton(shared.Counters).AddSingleton(shared.Decisions).AddSingleton(shared.Names).AddSingleton(shared.Recorded).AddSingleton(shared.Pins).AddSingleton(shared.Pairs);
        if (options.RecordFile is { } file) builder.Services.AddTraceRecorder(new() { Path = file });
        builder.Services.AddGateway(gateway =>
        {
            gateway.DataDirectory = options.DataDirectory;
            foreach (var network in options.TrustForce) gateway.TrustForce.Add(network);
        });
        builder.WebHost.ConfigureKestrel(server =>
        {
            var gateway = server.ApplicationServices.GetRequiredService<IOptions<GatewayOptions>>().Value;
            server.UseGatewayLimits(gateway);
            Listens(server, options.Listen, listener => listener.UseGatewayLimits(gateway));
        });
        var app = builder.Build();
        app.RunGateway();
        return app;
    }

    private static WebApplicationBuilder Builder(Action<ILoggingBuilder> logging)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "agentcanary" });
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Drain);
        builder.Services.AddSingleton(TimeProvider.System);
        // The command that runs the server watches the signals, so that both listeners stop in order.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder;
    }

    private static void Listens(KestrelServerOptions server, Uri address, Action<ListenOptions> configure)
    {
        if (AddressProbe.EndPointOf(address) is { } endPoint) server.Listen(endPoint, configure);
        else server.ListenAnyIP(address.Port, configure);
    }

    private static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First().Replace("[::]", "localhost", StringComparison.Ordinal));

    private sealed record Shared(RolloutController Controller, RolloutRegistry Registry, RequestTotals Totals, GatewayCounters Counters, DecisionIds Decisions, AnswerNames Names, TraceCounters Recorded, PinBoard Pins, ShadowPairs Pairs);

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
