using AgentCanary.Planning.Peers;
using AgentCanary.Planning.Simulation;

namespace AgentCanary.Cli.Simulation;

/// <summary>The rollouts of one number: every canary by every method, on the same requests.</summary>
internal sealed class SimulationRound
{
    private readonly SimulatedRun[][] _runs;

    private SimulationRound(SimulatedRun[][] runs) => _runs = runs;

    /// <summary>Gets one of its rollouts.</summary>
    /// <param name="canary">The number of the canary.</param>
    /// <param name="method">0 for this product, then the peers.</param>
    public SimulatedRun this[int canary, int method] => _runs[canary][method];

    /// <summary>Runs it.</summary>
    /// <param name="options">What was asked.</param>
    /// <param name="number">The number of the round, from 0.</param>
    /// <param name="stopped">Asks to stop.</param>
    public static SimulationRound Run(SimulationOptions options, int number, CancellationToken stopped)
    {
        return new([.. options.Canaries.Select(canary => (SimulatedRun[])[Own(canary.World), .. options.Peers.Select(peer => OfPeer(peer, canary.World))])]);

        SimulatedRun Own(World world) => Simulator.Run(options.Spec, world, options.Length, options.Seed, number, stopped);

        SimulatedRun OfPeer(Peer peer, World world) => PeerSimulator.Run(peer, options.Spec, world, options.Length, options.Seed, number, stopped);
    }
}
