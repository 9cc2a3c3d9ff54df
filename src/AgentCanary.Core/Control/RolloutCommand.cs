namespace AgentCanary.Control;

/// <summary>What a person, or the server in a person's place, asks of a rollout. Immutable and thread-safe.</summary>
public abstract record RolloutCommand
{
    private RolloutCommand()
    {
    }

    /// <summary>Gets who asks: <c>cli</c>, <c>key:ID</c> or <c>controller</c>.</summary>
    public string Actor { get; init; } = "controller";

    /// <summary>Gets why; empty where nothing was said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gets the revision that the asker looked at, or null to be judged on the newest state.</summary>
    public long? Revision { get; init; }

    /// <summary>Gets the name on the wire, such as <c>promote</c>.</summary>
    public string Name => GetType().Name.ToLowerInvariant();

    /// <summary>Enter the first stage.</summary>
    public sealed record Start : RolloutCommand;

    /// <summary>Stop moving, keep the weight.</summary>
    public sealed record Pause : RolloutCommand;

    /// <summary>Move again.</summary>
    public sealed record Resume : RolloutCommand;

    /// <summary>Leave the stage now, whatever is missing.</summary>
    /// <param name="Full">Whether to go to the end at once.</param>
    public sealed record Promote(bool Full = false) : RolloutCommand;

    /// <summary>Give stable everybody.</summary>
    public sealed record Rollback : RolloutCommand;

    /// <summary>Let the stage be left as soon as its evidence allows.</summary>
    public sealed record Approve : RolloutCommand;

    /// <summary>Begin a new attempt after a rollback.</summary>
    public sealed record Retry : RolloutCommand;

    /// <summary>Note that no conversation is left on the canary of a rollout that was rolled back, or that their time is over.</summary>
    public sealed record Drained : RolloutCommand;

    /// <summary>Replace the running rollout by another spec, as a new attempt.</summary>
    /// <param name="Spec">The new spec of the same agent.</param>
    public sealed record Supersede(Spec.RolloutSpec Spec) : RolloutCommand;

    /// <summary>Change where the versions answer, how they are probed, what is sent along, and what a shadow may take and is kept of it, without a new attempt.</summary>
    /// <param name="Spec">The spec with the same versions and the same plan.</param>
    public sealed record Amend(Spec.RolloutSpec Spec) : RolloutCommand;
}
