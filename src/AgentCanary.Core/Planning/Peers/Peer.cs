namespace AgentCanary.Planning.Peers;

/// <summary>A product whose documented rules can be simulated beside this one's.</summary>
public enum Peer
{
    /// <summary>The Python library agent-canary.</summary>
    AgentCanary,

    /// <summary>Flagger.</summary>
    Flagger,

    /// <summary>Argo Rollouts.</summary>
    Argo,

    /// <summary>Kayenta, the judge of Spinnaker.</summary>
    Kayenta,
}
