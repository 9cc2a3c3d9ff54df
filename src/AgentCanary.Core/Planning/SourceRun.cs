using System.Collections.Immutable;
using AgentCanary.Analysis.Sequential;
using AgentCanary.Metrics;

namespace AgentCanary.Planning;

/// <summary>One source of answers in one made rollout, and the real tests that eat it in blocks. For one caller.</summary>
internal sealed class SourceRun(Source source, ImmutableArray<TestTerms> tests, SplitMix64 random)
{
    private readonly TestState?[] _states = [.. tests.Select(test => test.Start())];
    private (long Stable, long Canary) _open;
    private long _closedCanary;
    private long _stableSeen;

    /// <summary>Gets the canary's counted answers.</summary>
    public long CanaryCount { get; private set; }

    /// <summary>Gets those of them in the worst place.</summary>
    public long CanaryBad { get; private set; }

    /// <summary>Gets ln E of a test.</summary>
    public double LogE(int test) => _states[test]!.LogE;

    /// <summary>Ends a test whose verdict is reached, which saves its work.</summary>
    public void End(int test) => _states[test] = null;

    /// <summary>Adds requests. What becomes of them is drawn when their block closes: only arrivals decide when it does.</summary>
    /// <param name="stable">Requests of control.</param>
    /// <param name="canary">Requests of the canary.</param>
    /// <param name="hasControl">Whether the stage has a control; without one only the canary's own answers count.</param>
    /// <returns>Whether there is new evidence.</returns>
    public bool Add(long stable, long canary, bool hasControl)
    {
        _stableSeen += stable;
        if (_stableSeen - stable < source.StableBefore) return false;
        if (!hasControl && !source.IsOneSample && tests.Length > 0) return false;
        _open = (_open.Stable + stable, _open.Canary + canary);
        var isComplete = source.IsOneSample || !hasControl ? _open.Canary > 0 : BlockClosing.IsComplete(new(_open.Stable, 0, _open.Canary, 0), _closedCanary);
        if (isComplete) Close(source.DrawStable(random, _open.Stable), source.DrawCanary(random, _open.Canary));
        return isComplete;
    }

    private void Close(BucketCounts stable, BucketCounts canary)
    {
        _open = default;
        _closedCanary += canary.Total;
        CanaryCount += canary.Total;
        CanaryBad += canary.Moment;
        var block = Observed.Of(stable, canary);
        for (var i = 0; i < _states.Length; i++)
        {
            if (_states[i] is { } state) _states[i] = tests[i].Add(state, block);
        }
    }
}
