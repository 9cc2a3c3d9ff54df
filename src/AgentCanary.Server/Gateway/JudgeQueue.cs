using AgentCanary.Shadow;

namespace AgentCanary.Server.Gateway;

/// <summary>What waits for the judge of one agent, how often it may be asked, and what it said. Thread-safe.</summary>
/// <param name="calls">The bounded queue: it offers, drops, budgets and counts as the shadow's does.</param>
/// <param name="limits">The budget and the rests.</param>
internal sealed class JudgeQueue(ShadowDeployment<JudgeCall, JudgeVerdict> calls, ShadowLimits limits)
{
    private readonly Lock _gate = new();
    private JudgeCounts _said;
    private long _failures;

    public ShadowDeployment<JudgeCall, JudgeVerdict> Calls { get; } = calls;

    public ShadowLimits Limits { get; } = limits;

    /// <summary>Gets what became of the pairs so far.</summary>
    public JudgeCounts Counts
    {
        get
        {
            lock (_gate)
            {
                var offered = Calls.Counts;
                return _said with { NoData = Math.Max(0, offered.Offered - offered.Pending - _said.Judged) };
            }
        }
    }

    /// <summary>Counts a verdict.</summary>
    /// <returns>What was said so far.</returns>
    public JudgeCounts Said(JudgeVerdict verdict)
    {
        lock (_gate) return _said = _said.With(verdict);
    }

    /// <summary>Counts a failure.</summary>
    /// <returns>How many there were so far.</returns>
    public long Failed() => Interlocked.Increment(ref _failures);
}
