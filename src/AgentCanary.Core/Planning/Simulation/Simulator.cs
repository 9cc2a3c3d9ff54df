using AgentCanary.Routing;
using AgentCanary.Spec;

namespace AgentCanary.Planning.Simulation;

/// <summary>Runs rollouts in made worlds. Pure and thread-safe: a run follows from the seed and its number alone, whoever computes it and in whatever order.</summary>
public static class Simulator
{
    /// <summary>The share of the users that each cohort of a rollout is taken to be.</summary>
    public const double CohortShare = 0.1;

    /// <summary>Runs one rollout.</summary>
    /// <param name="spec">What the person wrote. Approvals are given at once: nobody is there to wait for.</param>
    /// <param name="world">The world.</param>
    /// <param name="length">When the time is over, above 0.</param>
    /// <param name="seed">The seed of all runs.</param>
    /// <param name="run">The number of the run, from 0.</param>
    /// <param name="stopped">Asks to stop.</param>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public static SimulatedRun Run(RolloutSpec spec, World world, TimeSpan length, ulong seed, int run, CancellationToken stopped = default)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(world);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(length, TimeSpan.Zero);
        return SimulatedRollout.Run(world, new MachineMethod(spec, SplitMix64.SeedOf(seed, run)), Stream(spec, world, seed, run), length, stopped);
    }

    /// <summary>The requests of a run: the same for every method.</summary>
    internal static RequestStream Stream(RolloutSpec spec, World world, ulong seed, int run)
    {
        var own = SplitMix64.SeedOf(seed, run);
        var salt = StickyHash.Salt(spec.Agent, spec.Canary.Version, attempt: 1, pepper: own);
        // Keys cost time, so they are made only where something asks how many users there are.
        var isKeyed = spec.Analysis.UnitIsKey || spec.Stages.Any(stage => stage.MinUsers > 1);
        return new(world, own, salt, spec.Sticky.Hash is StickyHashKind.Md5, isKeyed);
    }
}
