using System.Collections.Immutable;
using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>What a simulation of one canary came to.</summary>
/// <param name="Options">What was asked.</param>
/// <param name="Canary">The canary.</param>
/// <param name="Methods">What the rollouts came to: this product first, then the peers.</param>
internal sealed record SimulationResult(SimulationOptions Options, SimulatedCanary Canary, ImmutableArray<MethodResult> Methods)
{
    /// <summary>Gets what the rollouts of this product came to.</summary>
    public SimulationSummary Own => Methods[0].Summary;

    /// <summary>Sums up the runs.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="canary">The number of the canary.</param>
    /// <param name="runs">The runs, at least one.</param>
    public static SimulationResult Of(SimulationOptions options, int canary, IReadOnlyList<SimulationRound> runs)
    {
        Peer?[] methods = [null, .. options.Peers];
        return new(options, options.Canaries[canary], [.. methods.Select((peer, method) => Method(peer, [.. runs.Select(run => run[canary, method])]))]);

        MethodResult Method(Peer? peer, IReadOnlyList<SimulatedRun> all)
        {
            var summary = SimulationSummary.Of(all, options.Spec.Stages.Length);
            var world = options.Canaries[canary].World;
            return new(peer, summary, summary.WorstStage is not { } worst || world.IsLate ? null : BoundAt(options, world, worst));
        }
    }

    /// <summary>Gets the fewest canary requests that any method needs at the weight of a stage; null where none can tell.</summary>
    public double? Bound(int stage) => BoundAt(Options, Canary.World, stage);

    private static double? BoundAt(SimulationOptions options, World world, int stage) => RollbackBound.Requests(options.Spec, world, options.Spec.Stages[stage].Weight);
}
