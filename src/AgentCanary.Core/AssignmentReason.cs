namespace AgentCanary;

/// <summary>Why a request was given its version.</summary>
public enum AssignmentReason
{
    /// <summary>No rollout moves: there is none, it was rolled back, or it is completed.</summary>
    Static,

    /// <summary>The kill switch is on.</summary>
    Disabled,

    /// <summary>An authorised caller forced the version.</summary>
    Forced,

    /// <summary>A trusted upstream pinned the version, or the conversation already belongs to it.</summary>
    Pinned,

    /// <summary>The caller is in an exclusion cohort.</summary>
    Excluded,

    /// <summary>The caller is in a cohort whose own stage has passed.</summary>
    Included,

    /// <summary>The stage names cohorts, and the caller is in none of them.</summary>
    NotEligible,

    /// <summary>The split of the key space decided.</summary>
    Split,

    /// <summary>The request had no key: a random draw decided.</summary>
    Unkeyed,

    /// <summary>The canary is not ready or not healthy: stable serves.</summary>
    Unhealthy,

    /// <summary>Routing itself failed, and stable serves.</summary>
    Error,
}
