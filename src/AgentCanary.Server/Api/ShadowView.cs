using System.Diagnostics;
using AgentCanary.Shadow;

namespace AgentCanary.Server.Api;

/// <summary>How a shadow stands, as JSON.</summary>
/// <param name="Offered">The calls that were offered to it since the server started.</param>
/// <param name="Sent">Those that answered.</param>
/// <param name="Dropped">Those for which there was no room.</param>
/// <param name="Failed">Those that failed.</param>
/// <param name="TimedOut">Those that took too long.</param>
/// <param name="OverBudget">Those for which there was no budget.</param>
/// <param name="Paused">Those that came while a version was rate-limited.</param>
/// <param name="HourRequests">The requests of the present hour.</param>
/// <param name="HourTokens">The tokens of the present hour, as far as its answers said.</param>
/// <param name="HourCost">What the present hour cost, as far as its answers said.</param>
/// <param name="Stop"><c>rate_limited</c>, <c>requests</c>, <c>tokens</c>, <c>cost</c>, <c>unknown_tokens</c> or <c>unknown_cost</c> while it is sent nothing; else null.</param>
/// <param name="StopSeconds">The whole seconds until it goes on, or null.</param>
public sealed record ShadowView(
    long Offered, long Sent, long Dropped, long Failed, long TimedOut, long OverBudget, long Paused, long HourRequests, long HourTokens, double HourCost, string? Stop, long? StopSeconds)
{
    /// <summary>Maps a status.</summary>
    public static ShadowView Of(ShadowStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var (counts, use) = (status.Counts, status.Use);
        return new(
            counts.Offered, counts.Sent, counts.Dropped, counts.Failed, counts.TimedOut, counts.OverBudget, counts.Paused, use.Requests, (long)use.Tokens.Sum, use.Cost.Sum,
            status.Stop is { } stop ? NameOf(stop.Reason) : null, status.Stop is { } until ? (long)Math.Ceiling(until.For.TotalSeconds) : null);
    }

    private static string NameOf(ShadowStop stop) => stop switch
    {
        ShadowStop.RateLimited => "rate_limited",
        ShadowStop.Requests => "requests",
        ShadowStop.Tokens => "tokens",
        ShadowStop.Cost => "cost",
        ShadowStop.UnknownTokens => "unknown_tokens",
        ShadowStop.UnknownCost => "unknown_cost",
        _ => throw new UnreachableException(),
    };
}
