using AgentCanary.Analysis;
using AgentCanary.Control;
using AgentCanary.Server.Health;
using AgentCanary.Spec;

namespace AgentCanary.Server.Controller;

/// <summary>What the canary's probes mean for its rollout.</summary>
internal readonly record struct HealthRule(HealthSpec Spec)
{
    /// <summary>Tells whether the canary must not get traffic now: it has never answered, or it stopped answering.</summary>
    public bool IsDown(VersionHealth health) => !health.IsReady || (health.UnhealthySince is not null && Spec.OnUnhealthy is not OnUnhealthy.Ignore);

    /// <summary>Gets what the analysis should know; null while the canary is healthy, or has not been probed yet.</summary>
    public CanaryFault? Fault(VersionHealth health, RolloutState state, DateTimeOffset now)
    {
        if (health.UnhealthySince is not { } since || Spec.OnUnhealthy is OnUnhealthy.Ignore || state.Phase is not (Phase.Progressing or Phase.Paused)) return null;
        var isFinal = Spec.OnUnhealthy is OnUnhealthy.RollBack || now - since >= Spec.RollbackAfter;
        return new($"the canary is unhealthy since {since:HH:mm:ss}, {health.FailedInARow} probes failed: {health.LastFault}", isFinal);
    }
}
