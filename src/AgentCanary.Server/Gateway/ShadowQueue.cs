namespace AgentCanary.Server.Gateway;

/// <summary>What waits for the shadow of one agent, and what it may take. Thread-safe.</summary>
/// <param name="Calls">The bounded queue.</param>
/// <param name="Limits">The budget and the rests.</param>
internal sealed record ShadowQueue(ShadowDeployment<ShadowCall, ShadowAnswer> Calls, ShadowLimits Limits)
{
    /// <summary>Gets how the shadow stands.</summary>
    public ShadowStatus Status => new(Calls.Counts, Limits.Use, Limits.Stop);
}
