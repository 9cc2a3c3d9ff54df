using AgentCanary.Spec;

namespace AgentCanary.Planning.Peers;

/// <summary>
/// Kayenta at commit a69573be (2025-04-08) as a step of a pipeline: a standalone canary analysis for each stage with a growing window of one-minute points, judged about every ten minutes so that the
/// judgements fill the bake time, with <c>pass: 95</c>, <c>marginal: 75</c>, and one metric, the share of failed requests, which must not increase. A score of <c>marginal</c> or less stops at once, and a last
/// one below <c>pass</c> fails; with one metric the score is 100 or 0. Control is all of stable. Kayenta's own advice is a fresh baseline of the canary's size, which only a pipeline can make.
/// </summary>
internal sealed class KayentaMethod(RolloutSpec spec) : PeerMethod(spec)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Usual = TimeSpan.FromMinutes(10);

    private readonly MinuteRates _canary = new();
    private readonly MinuteRates _control = new();
    private int _minutes;
    private int _judgements;

    public override void Judge(TimeSpan now)
    {
        var elapsed = now - EnteredAt;
        if (elapsed >= Minute * (_minutes + 1))
        {
            _minutes++;
            _canary.Close();
            _control.Close();
        }
        var planned = Math.Max(1, (int)Math.Ceiling(Current.BakeTime / Usual));
        if (elapsed < Current.BakeTime / planned * (_judgements + 1)) return;
        _judgements++;
        if (Current.BakeTime > TimeSpan.Zero && !KayentaJudge.Passes(_canary.Values, _control.Values)) RollBack();
        else if (_judgements >= planned) GoOn(now);
    }

    protected override void Count(Arm arm, bool isFailure, TimeSpan now) => (arm is Arm.Canary ? _canary : _control).Add(isFailure);

    private void GoOn(TimeSpan now)
    {
        Next(now);
        (_minutes, _judgements) = (0, 0);
        _canary.Clear();
        _control.Clear();
    }
}
