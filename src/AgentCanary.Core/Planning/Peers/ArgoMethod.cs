using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>
/// Argo Rollouts at commit 9f8d111d8 (2026-08-17), with the background analysis of its documentation (<c>docs/features/analysis.md</c>): every five minutes <c>result[0] &gt;= 0.95</c> on the canary's success
/// over these minutes, <c>failureLimit: 3</c>. From <c>analysis/analysis.go</c>: a limit is exceeded, not reached, so the fourth failed measurement aborts; no data before any request is an error, retried after 10 s,
/// and the fifth in a row aborts; later a minute without requests measures 0 / 0, which fails. Steps are <c>setWeight</c> and <c>pause</c>: the stages' weights and bake times. Errors and failures add up
/// over the whole rollout.
/// </summary>
internal sealed class ArgoMethod(RolloutSpec spec) : PeerMethod(spec)
{
    private const int FailureLimit = 3;
    private const int ConsecutiveErrorLimit = 4;
    private const double LeastSuccess = 0.95;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    private TimeSpan _nextMeasurement = Interval;
    private int _failures;
    private int _errors;
    private long _answers;
    private long _good;
    private bool _hasData;

    public override void Judge(TimeSpan now)
    {
        if (now >= _nextMeasurement) Measure(now);
        if (_failures > FailureLimit || _errors > ConsecutiveErrorLimit) RollBack();
        else if (now - EnteredAt >= Current.BakeTime) Next(now);
    }

    protected override void Count(Arm arm, bool isFailure, TimeSpan now)
    {
        if (arm is not Arm.Canary) return;
        _hasData = true;
        _answers++;
        if (!isFailure) _good++;
    }

    private void Measure(TimeSpan now)
    {
        _nextMeasurement = now + (_hasData ? Interval : Retry);
        _errors = _hasData ? 0 : _errors + 1;
        // 0 / 0 is not a number, and no number is at least anything.
        if (_hasData && !(_good / (double)_answers >= LeastSuccess)) _failures++;
        (_answers, _good) = (0, 0);
    }
}
