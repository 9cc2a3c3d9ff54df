using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>What a check must see before a stage may be left.</summary>
internal abstract record Proof
{
    private Proof()
    {
    }

    /// <summary>The comparing test must show that the canary is not worse than a line.</summary>
    public sealed record Margin(Source Source, TestTerms Terms) : Proof;

    /// <summary>The canary's own answers must show a rate of bad ones below a bound.</summary>
    public sealed record Bound(Source Source, double Most) : Proof;

    /// <summary>So many canary requests in the stage, and as many of control where the check compares.</summary>
    public sealed record Requests(long Count, bool OfBothArms) : Proof;

    /// <summary>The check does not keep the stage from being left.</summary>
    public sealed record Free(string Why) : Proof;

    /// <summary>No number of requests is enough.</summary>
    public sealed record Never(string Why) : Proof;

    /// <summary>The baseline does not say enough; the check is left out of all times.</summary>
    public sealed record Unknown(string Why) : Proof;
}
