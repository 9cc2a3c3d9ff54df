namespace AgentCanary.Routing;

/// <summary>What a plan does with requests that no rule of their own decides.</summary>
public enum RouteMode
{
    /// <summary>Stable serves: no rollout, pending, or rolled back.</summary>
    Stable,

    /// <summary>The key space is split.</summary>
    Split,

    /// <summary>The canary serves: the rollout is completed.</summary>
    Canary,
}
