namespace AgentCanary.Planning.Simulation;

/// <summary>What moves the canary's weight in a simulation: this product's machine, or a peer's documented rule. One caller at a time.</summary>
internal abstract class RolloutMethod
{
    /// <summary>Gets where the rollout stands.</summary>
    public abstract Phase Phase { get; }

    /// <summary>Gets the stage, from 0.</summary>
    public abstract int Stage { get; }

    /// <summary>Gets whether nothing changes any more.</summary>
    public bool IsOver => Phase is Phase.Completed or Phase.RolledBack;

    /// <summary>Routes a request and counts its start.</summary>
    /// <param name="request">The request.</param>
    /// <param name="shareFactor">How much of its weight the canary really gets.</param>
    public abstract Assignment Begin(in MadeRequest request, double shareFactor);

    /// <summary>Counts a finished request.</summary>
    public abstract void End(in Assignment assignment, in Outcome outcome, TimeSpan now);

    /// <summary>Looks, and does what follows.</summary>
    public abstract void Judge(TimeSpan now);

    /// <summary>Tells whether a place in the key space is the canary's.</summary>
    protected static bool IsCanary(uint bucket, Weight weight, double shareFactor) => bucket < weight.Fraction * shareFactor * (1L << 32);
}
