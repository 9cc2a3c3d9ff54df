namespace AgentCanary;

/// <summary>
/// What became of the calls that were offered to a shadow. <c>Offered = Sent + Dropped + Failed + TimedOut + OverBudget + Paused + Pending</c> holds in every reading, and nothing is pending after
/// the deployment was disposed. Immutable and thread-safe.
/// </summary>
/// <param name="Offered">Calls that stable answered and the sampling chose.</param>
/// <param name="Sent">Shadow calls that answered in time.</param>
/// <param name="Dropped">Calls that never reached the shadow: the queue was full, or the deployment was disposed.</param>
/// <param name="Failed">Shadow calls that threw.</param>
/// <param name="TimedOut">Shadow calls that did not answer in time, or had not answered when a dispose stopped waiting.</param>
/// <param name="CompareFailed">Pairs of answers whose comparison threw; their shadow calls count as sent.</param>
public readonly record struct ShadowCounts(long Offered, long Sent, long Dropped, long Failed, long TimedOut, long CompareFailed)
{
    /// <summary>Gets the calls that were not sent because the hour's budget was spent, or an answer did not say what it took.</summary>
    public long OverBudget { get; init; }

    /// <summary>Gets the calls that were not sent because a version had answered 429.</summary>
    public long Paused { get; init; }

    /// <summary>Gets the calls that wait for the shadow or are with it.</summary>
    public long Pending => Offered - Sent - Dropped - Failed - TimedOut - OverBudget - Paused;
}
