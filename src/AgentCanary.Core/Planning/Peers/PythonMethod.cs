using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>
/// The Python library agent-canary at commit de09f9f (2026-06-11). From <c>decision.py</c>, <c>rollout.py</c> and <c>metrics.py</c>: it rolls back when the canary has 50 answers and succeeds by more than 0.05 less
/// than stable; it promotes after the stage's least time with the least answers and 0.99 of them good. The canary's counts begin anew with each stage, stable's never do. Its README calls <c>auto_decide</c>
/// "every minute or so". Its gate on the 95th percentile is off by default and cannot roll back. That a later call may take a rollback back is left out.
/// </summary>
/// <param name="spec">The stages.</param>
/// <param name="interval">How often it looks; zero for after every answer of the canary.</param>
internal sealed class PythonMethod(RolloutSpec spec, TimeSpan interval) : PeerMethod(spec)
{
    /// <summary>How often its README has it look.</summary>
    public static readonly TimeSpan EveryMinute = TimeSpan.FromMinutes(1);

    private const int LeastToRollBack = 50;
    private const double Margin = 0.05;
    private const double LeastSuccess = 0.99;

    private long _canary;
    private long _canaryGood;
    private long _stable;
    private long _stableGood;
    private TimeSpan _lookedAt;

    public override void Judge(TimeSpan now)
    {
        if (now - _lookedAt < interval) return;
        _lookedAt = now;
        var rate = _canary == 0 ? 1 : _canaryGood / (double)_canary;
        if (_canary >= LeastToRollBack && _stable > 0 && rate < (_stableGood / (double)_stable) - Margin) RollBack();
        else if (now - EnteredAt >= Current.BakeTime && _canary >= Current.MinRequests && rate >= LeastSuccess)
        {
            Next(now);
            (_canary, _canaryGood) = (0, 0);
        }
    }

    protected override void Count(Arm arm, bool isFailure, TimeSpan now)
    {
        var good = isFailure ? 0 : 1;
        if (arm is not Arm.Canary)
        {
            _stable++;
            _stableGood += good;
            return;
        }
        _canary++;
        _canaryGood += good;
        if (interval == TimeSpan.Zero) Judge(now);
    }
}
