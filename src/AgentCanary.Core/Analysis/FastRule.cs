namespace AgentCanary.Analysis;

/// <summary>
/// The rule for outages, judged on arrival and outside the tests: the last canary requests all failed by transport or 5xx,
/// while under half of control's did in the same 10 s.
/// </summary>
/// <param name="CanaryFailuresInARow">How many canary requests failed since the last one that did not.</param>
/// <param name="ControlFinished">Control's requests that finished in the last 10 s.</param>
/// <param name="ControlFailed">Those of them that failed by transport or 5xx.</param>
public readonly record struct FastRule(int CanaryFailuresInARow, long ControlFinished, long ControlFailed)
{
    // Fewer finished control requests say nothing of control's health.
    private const int MinControl = 5;

    /// <summary>Tells whether the rule is broken.</summary>
    /// <param name="failures">How many failures in a row it takes; 0 turns the rule off.</param>
    public bool IsBroken(int failures) => failures > 0 && CanaryFailuresInARow >= failures && ControlFinished >= MinControl && ControlFailed * 2 < ControlFinished;
}
