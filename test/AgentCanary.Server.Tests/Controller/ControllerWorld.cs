using AgentCanary.Control;
using AgentCanary.Routing;
using AgentCanary.Server.Controller;
using AgentCanary.Server.Gateway;
using AgentCanary.Server.Health;
using AgentCanary.Server.Pins;
using AgentCanary.Spec;
using AgentCanary.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCanary.Server.Tests.Controller;

/// <summary>A controller with a clock, a store and probes that a test moves by hand, and traffic that a test makes.</summary>
internal sealed class ControllerWorld : IDisposable
{
    private int _user;
    private int _canaryRequests;

    public ControllerWorld(BrittleStore? store = null, ManualTimeProvider? time = null)
    {
        (Store, Time) = (store ?? new(), time ?? new());
        Controller = new(Store, Registry, Health, Pins, new GatewayCounters(), Time, NullLogger<RolloutController>.Instance);
    }

    public BrittleStore Store { get; }

    public ManualTimeProvider Time { get; }

    public RolloutRegistry Registry { get; } = new();

    public HealthBoard Health { get; } = new();

    public PinBoard Pins { get; } = new();

    public RolloutController Controller { get; }

    public static RolloutSpec Spec(string agent = "support-agent", string stable = "v1", string canary = "v2") => new()
    {
        Agent = agent,
        Stable = new(stable) { Url = "http://127.0.0.1:1" },
        Canary = new(canary) { Url = "http://127.0.0.1:2" },
        Stages =
        [
            new Stage(Weight.FromPercent(50)) { Name = "half", BakeTime = TimeSpan.FromSeconds(30), MinRequests = 50 },
            new Stage(Weight.Full) { Name = "full" },
        ],
        Analysis = new() { Mode = AnalysisMode.Point, OutcomeDeadline = TimeSpan.FromSeconds(10) },
    };

    public RolloutSnapshot this[string agent] => Controller.Find(agent)!;

    public RolloutSnapshot Rollout => this["support-agent"];

    public static VersionHealth Healthy { get; } = new(true, 0, null, "") { IsProbed = true };

    public async Task<CommandResult> ApplyAsync(RolloutSpec spec, bool supersede = false, bool isReady = true)
    {
        if (isReady) Health.Publish(spec.Agent, spec.Canary.Version, Healthy);
        return await Controller.ApplyAsync(spec, supersede, "cli", default);
    }

    public async Task<CommandResult> CommandAsync(RolloutCommand command) => await Controller.CommandAsync("support-agent", command, default);

    /// <summary>Lets time pass, a tick a second.</summary>
    public async Task PassAsync(int seconds = 1, Action? eachSecond = null)
    {
        for (var i = 0; i < seconds; i++)
        {
            eachSecond?.Invoke();
            Time.Advance(TimeSpan.FromSeconds(1));
            await Controller.TickAsync(default);
        }
    }

    /// <summary>Serves requests of new users, whose class the version decides.</summary>
    public void Serve(int requests, Func<Variant, OutcomeClass> outcome, string agent = "support-agent")
    {
        var runtime = Registry.Current[agent];
        for (var i = 0; i < requests; i++)
        {
            var assignment = runtime.Assign(new RouteRequest($"user-{_user++}"), new NoAttributes());
            runtime.Record(assignment, new Outcome { Class = outcome(assignment.Variant), Latency = TimeSpan.FromMilliseconds(50) });
        }
    }

    public void ServeGood() => Serve(20, _ => OutcomeClass.Ok);

    public void ServeBad() => Serve(20, variant => variant is Variant.Canary && ++_canaryRequests % 2 == 0 ? OutcomeClass.ErrorUpstream : OutcomeClass.Ok);

    public int CanaryUsers() => Enumerable.Range(0, 1000).Count(user => Router.Route(Registry.Current["support-agent"].Plan, $"user-{user}").Variant is Variant.Canary);

    public void Dispose() => Controller.Dispose();
}
