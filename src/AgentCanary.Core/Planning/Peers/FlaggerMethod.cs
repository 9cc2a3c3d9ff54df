using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>
/// Flagger at commit 15bd6ad5 (v1.44, 2026-07-21), with the values of its tutorials: every minute the built-in <c>request-success-rate</c> of the canary over that minute must be 99 % or more, <c>threshold: 5</c>.
/// From <c>pkg/controller/scheduler.go</c>: a failed check holds the weight; failed checks add up over the whole run and a good one takes none off; no value is a failed check; the rollback comes with the
/// tick after the last one that is allowed; a good tick moves to the next of <c>stepWeights</c>, which are the stages' weights, and from the last one promotes. It knows no bake time.
/// </summary>
internal sealed class FlaggerMethod(RolloutSpec spec) : PeerMethod(spec)
{
    private const int Threshold = 5;
    private const double LeastSuccess = 99;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private TimeSpan _nextTick = Interval;
    private int _failedChecks;
    private long _answers;
    private long _good;

    public override void Judge(TimeSpan now)
    {
        if (now < _nextTick) return;
        _nextTick += Interval;
        if (_failedChecks >= Threshold) RollBack();
        else if (_answers == 0 || _good * 100.0 / _answers < LeastSuccess) _failedChecks++;
        else Next(now);
        (_answers, _good) = (0, 0);
    }

    protected override void Count(Arm arm, bool isFailure, TimeSpan now)
    {
        if (arm is not Arm.Canary) return;
        _answers++;
        if (!isFailure) _good++;
    }
}
