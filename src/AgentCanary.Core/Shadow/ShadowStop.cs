namespace AgentCanary.Shadow;

/// <summary>Why a shadow is shown nothing for a while.</summary>
public enum ShadowStop
{
    /// <summary>A version answered 429: whoever is at its limit is not asked twice.</summary>
    RateLimited,

    /// <summary>The hour's requests are spent.</summary>
    Requests,

    /// <summary>The hour's tokens are spent.</summary>
    Tokens,

    /// <summary>The hour's money is spent.</summary>
    Cost,

    /// <summary>Tokens are limited, and an answer did not say how many it took.</summary>
    UnknownTokens,

    /// <summary>The cost is limited, and an answer has no price.</summary>
    UnknownCost,
}
