using AgentCanary.Analysis.Sequential;

namespace AgentCanary.Planning;

/// <summary>How often the fast rule takes a good canary back: so many failures in a row by chance.</summary>
internal static class FalseAlarm
{
    /// <summary>The probability that a run of failures turns up.</summary>
    /// <param name="failures">The failures in a row that the rule asks for, 0 where it is off.</param>
    /// <param name="rate">The share of requests that fail.</param>
    /// <param name="requests">The canary requests.</param>
    /// <remarks>The first run may begin at once, a later one after a success: 1 − (1 − pᵏ)(1 − (1 − p)pᵏ)ⁿ⁻ᵏ, which is close where runs are rare.</remarks>
    public static double Of(int failures, double rate, double requests)
    {
        if (failures == 0 || requests < failures) return 0;
        var run = Math.Pow(rate, failures);
        if (run >= 1) return 1;
        var logNone = Numerics.Log1P(-run) + ((requests - failures) * Numerics.Log1P(-(1 - rate) * run));
        return logNone > -1e-9 ? -logNone : 1 - Math.Exp(logNone);
    }
}
