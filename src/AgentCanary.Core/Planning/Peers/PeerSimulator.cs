using AgentCanary.Planning.Simulation;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>Runs the stages of a rollout by a peer's rules. Pure and thread-safe; the requests are those of <see cref="Simulator.Run"/> with the same seed and number.</summary>
public static class PeerSimulator
{
    /// <summary>Runs one rollout.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="spec">What the person wrote: its weights, its bake times and minimum requests where the peer has such. Stages for cohorts are left out, and the last stage is one of 100 %.</param>
    /// <param name="world">The world.</param>
    /// <param name="length">When the time is over, above 0.</param>
    /// <param name="seed">The seed of all runs.</param>
    /// <param name="run">The number of the run, from 0.</param>
    /// <param name="stopped">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static SimulatedRun Run(Peer peer, RolloutSpec spec, World world, TimeSpan length, ulong seed, int run, CancellationToken stopped = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(world);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        return SimulatedRollout.Run(world, Method(peer, spec), Simulator.Stream(spec, world, seed, run), length, stopped);
    }

    private static PeerMethod Method(Peer peer, RolloutSpec spec) => peer switch
    {
        Peer.AgentCanary => new PythonMethod(spec, PythonMethod.EveryMinute),
        Peer.Flagger => new FlaggerMethod(spec),
        Peer.Argo => new ArgoMethod(spec),
        Peer.Kayenta => new KayentaMethod(spec),
        _ => throw new ArgumentOutOfRangeException(nameof(peer), peer, "There are four peers."),
    };
}
