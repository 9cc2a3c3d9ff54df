using AgentCanary.Shadow;

namespace AgentCanary.Server.Gateway;

/// <summary>What waits for the judge of one agent, how often it may be asked, and what it said. Thread-safe.</summary>
/// <param name="calls">The bounded queue, with room for <paramref name="places"/>.</param>
/// <param name="limits">The budget and the rests.</param>
/// <param name="places">How many pairs may wait or run.</param>
internal sealed class JudgeQueue(ShadowDeployment<JudgeCall, JudgeVerdict> calls, ShadowLimits limits, int places)
{
    private readonly Lock _gate = new();
    private JudgeCounts _said;
    private long _failures;
    private int _inside;

    public ShadowDeployment<JudgeCall, JudgeVerdict> Calls { get; } = calls;

    public ShadowLimits Limits { get; } = limits;

    /// <summary>Gets what became of the pairs so far.</summary>
    public JudgeCounts Counts
    {
        get
        {
            lock (_gate) return _said;
        }
    }

    /// <summary>Takes a place, which the end of the pair gives back.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _inside) <= places) return true;
        Interlocked.Decrement(ref _inside);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave() => Interlocked.Decrement(ref _inside);

    /// <summary>Ends a pair: counts it and tells its verdict.</summary>
    /// <returns>What was said so far.</returns>
    public JudgeCounts End(JudgeCall call, JudgeVerdict? verdict, bool isRefused = false)
    {
        JudgeCounts said;
        lock (_gate) said = _said = isRefused ? _said with { Refused = _said.Refused + 1 } : _said.With(verdict);
        call.Tell(verdict, isRefused);
        return said;
    }

    /// <summary>Counts a failure.</summary>
    /// <returns>How many there were so far.</returns>
    public long Failed() => Interlocked.Increment(ref _failures);
}
