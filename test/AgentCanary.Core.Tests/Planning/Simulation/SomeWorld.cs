using System.Collections.Immutable;
using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Core.Tests.Planning.Simulation;

/// <summary>Made worlds and rollouts for tests.</summary>
internal static class SomeWorld
{
    /// <summary>Two short stages and the last one.</summary>
    public static RolloutSpec Short { get; } = Rollout((20, TimeSpan.FromMinutes(1), 100), (50, TimeSpan.FromMinutes(1), 100));

    /// <summary>The stages of agent-canary's <c>Rollout.standard()</c>.</summary>
    public static RolloutSpec Standard { get; } = Rollout(
        (1, TimeSpan.FromMinutes(5), 50), (5, TimeSpan.FromMinutes(10), 200), (25, TimeSpan.FromMinutes(15), 500), (50, TimeSpan.FromMinutes(20), 1000));

    public static RolloutSpec Rollout(params (double Percent, TimeSpan Bake, int Requests)[] stages) => new()
    {
        Agent = "support-agent",
        Stable = new("v1"),
        Canary = new("v2"),
        Stages =
        [
            .. stages.Select((stage, i) => new Stage(Weight.FromPercent(stage.Percent))
            {
                Name = $"stage-{i + 1}", BakeTime = stage.Bake, MinRequests = stage.Requests, Checks = [Check.Parse("error_rate_increase < 0.10")],
            }),
            new(Weight.Full) { Name = "full", Checks = [] },
        ],
        Analysis = new() { Mode = AnalysisMode.Sequential },
    };

    public static World Of(double perSecond = 20, string stable = "", string canary = "", string both = "", int? users = null)
    {
        var (world, faults) = World.Read(new(perSecond, stable, canary, both) { Users = users });
        return world ?? throw new FormatException(string.Join('\n', faults));
    }

    public static ImmutableArray<SimulatedRun> Run(World world, RolloutSpec spec, TimeSpan length, int runs, ulong seed = 1) =>
        [.. Enumerable.Range(0, runs).Select(run => Simulator.Run(spec, world, length, seed, run))];
}
