namespace AgentCanary.Spec;

/// <summary>When stable answers a request that the canary failed.</summary>
public enum RescueMode
{
    /// <summary>Where no connection to the canary could be made, so nothing was sent.</summary>
    Connect,

    /// <summary>Never.</summary>
    Off,

    /// <summary>Also where the canary failed before its first byte of content, and asking a second version the same does no harm.</summary>
    BeforeFirstByte,
}
