namespace AgentCanary.Analysis;

/// <summary>The canary is called, and nothing is heard of it. That is no success: a crashed exporter looks like zero errors. A promotion waits at once; people are told when no outcome can come any more.</summary>
/// <param name="Length">Since when it was called without an outcome, up to now.</param>
/// <param name="Calls">In how many ticks of these it was called at least.</param>
/// <param name="IsLost">Whether even an outcome that takes its whole deadline should have come by now.</param>
public sealed record Silence(TimeSpan Length, int Calls, bool IsLost)
{
    /// <summary>Says so in a sentence.</summary>
    public override string ToString() => $"the canary was called in {Words.Number(Calls)} different seconds and no outcome has arrived for {Words.Duration(Length)}"
        + (IsLost ? ": its telemetry is lost, or its answers take longer than outcome_deadline" : ", so a promotion waits for one");
}
