using System.Collections.Immutable;
using AgentCanary.Control;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AgentCanary.Tests.Hosting;

/// <summary>A real host with a clock that a test moves by hand, and a store that outlives it.</summary>
internal sealed class HostedWorld : IAsyncDisposable
{
    public const string Agent = "support-agent";

    private readonly IHost _host;
    private readonly int _agents;
    private int _users;

    private HostedWorld(BrittleStore store, ManualTimeProvider time, (string Name, Action<HostedDeploymentOptions> Configure)[] agents)
    {
        (Store, Time, _agents) = (store, time, agents.Length);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddSingleton<TimeProvider>(time).AddSingleton<IRolloutStore>(store);
        builder.Logging.AddProvider(new Logs(Logger));
        foreach (var (name, configure) in agents) builder.Services.AddAgentCanary(name, configure);
        _host = builder.Build();
    }

    public static TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    public static StagePlan Plan { get; } = new(
        new Stage(Weight.FromPercent(10)) { BakeTime = 2 * Period, MinRequests = 50 },
        new Stage(Weight.FromPercent(50)) { BakeTime = 2 * Period, MinRequests = 50 },
        new Stage(Weight.Full));

    public BrittleStore Store { get; }

    public ManualTimeProvider Time { get; }

    public RecordingLogger Logger { get; } = new();

    public IServiceProvider Services => _host.Services;

    public CanaryDeployment Canary => _host.Services.GetRequiredService<CanaryDeployment>();

    public CanaryStatus Status => Canary.Status;

    public static void Standard(HostedDeploymentOptions options) =>
        (options.StableVersion, options.CanaryVersion, options.Plan, options.EvaluationPeriod) = ("v1", "v2", Plan, Period);

    public static Action<HostedDeploymentOptions> Versions(string stable, string canary) => options =>
    {
        Standard(options);
        (options.StableVersion, options.CanaryVersion) = (stable, canary);
    };

    public static Task<HostedWorld> StartAsync(BrittleStore? store = null, ManualTimeProvider? time = null, Action<HostedDeploymentOptions>? configure = null) =>
        StartAsync(store, time, (Agent, configure ?? Standard));

    public static async Task<HostedWorld> StartAsync(BrittleStore? store, ManualTimeProvider? time, params (string Name, Action<HostedDeploymentOptions> Configure)[] agents)
    {
        var world = new HostedWorld(store ?? new(), time ?? new(), agents);
        try
        {
            await world._host.StartAsync();
        }
        catch
        {
            world._host.Dispose();
            throw;
        }
        await world.AllWaitAsync();
        return world;
    }

    /// <summary>Lets evaluation periods pass, one by one; each ends with an evaluation that has done all it could.</summary>
    public async Task PassAsync(int periods = 1, Action? before = null)
    {
        for (var i = 0; i < periods; i++)
        {
            before?.Invoke();
            await AllWaitAsync();
            Time.Advance(Period);
            await AllWaitAsync();
        }
    }

    /// <summary>Serves new users until the canary has had so many, or nobody is given the canary.</summary>
    public void Serve(int canaryRequests = 100, int canaryFailsEvery = 0)
    {
        var served = 0;
        for (var i = 0; i < 50 * canaryRequests && served < canaryRequests; i++)
        {
            var assignment = Canary.Assign($"user-{_users++}");
            var isFailed = assignment.Variant is Variant.Canary && ++served % Math.Max(1, canaryFailsEvery) == 0 && canaryFailsEvery > 0;
            Canary.Record(assignment, new Outcome { Class = isFailed ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok, Latency = TimeSpan.FromMilliseconds(100) });
        }
    }

    public async Task<RolloutState> StoredAsync() => (await Store.Inner.FindAsync(Agent, default))!;

    public async Task<ImmutableArray<RolloutEvent>> StoredEventsAsync() => await Store.Inner.ReadEventsAsync(Agent, 0, 1000, default);

    /// <summary>What the store has of the rollout is what is served, without a gap and with a whole chain.</summary>
    public async Task AssertWrittenAsync(params string[] types)
    {
        await Eventually.TrueAsync(() => Store.Inner.FindAsync(Agent, default).AsTask().Result?.Revision == Canary.State.Revision);
        var events = await StoredEventsAsync();
        Assert.Equal(types, events.Select(happened => happened.Type));
        Assert.Equal(Enumerable.Range(1, types.Length).Select(revision => (long)revision), events.Select(happened => happened.Revision));
        Assert.Null(await Store.VerifyAsync(Agent, default));
        Assert.Equal(RolloutJson.Write(Canary.State), RolloutJson.Write(await StoredAsync()));
        Assert.Equal(types, Canary.Events.Select(happened => happened.Type));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    // The only timers are those of the loops, which are made when an evaluation is over.
    public Task AllWaitAsync() => Eventually.TrueAsync(() => Time.PendingTimers == _agents);

    private sealed class Logs(RecordingLogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
