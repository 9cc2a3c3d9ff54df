namespace AgentCanary.Cli.Demo;

/// <summary>What the users saw so far.</summary>
internal sealed record CrowdFigures
{
    /// <summary>Gets the counts of the stable version.</summary>
    public VersionCount Stable { get; init; }

    /// <summary>Gets the counts of the new version.</summary>
    public VersionCount Canary { get; init; }

    /// <summary>Gets the counts of requests that no version answered.</summary>
    public VersionCount Nobody { get; init; }

    /// <summary>Gets, of the requests that began after the rollout had ended, those that the stable version answered.</summary>
    public long StableAfter { get; init; }

    /// <summary>Gets, of the requests that began after the rollout had ended, those that the new version answered.</summary>
    public long CanaryAfter { get; init; }

    /// <summary>Gets how many users changed from the new version back to the stable one before the rollout ended: none, as a growing share keeps its users.</summary>
    public long Moved { get; init; }

    /// <summary>Gets when the first withheld answer of the new version reached its user.</summary>
    public DateTimeOffset? FirstWithheld { get; init; }

    /// <summary>Gets when the first thumb about the new version came.</summary>
    public DateTimeOffset? FirstThumb { get; init; }

    public long Requests => Stable.Requests + Canary.Requests + Nobody.Requests;

    public long Failed => Stable.Failed + Canary.Failed + Nobody.Failed;
}
