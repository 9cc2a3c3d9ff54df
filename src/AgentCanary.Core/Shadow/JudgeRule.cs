namespace AgentCanary.Shadow;

/// <summary>What two answers of a judge, one for each order, make together. Pure and thread-safe.</summary>
public static class JudgeRule
{
    /// <summary>Makes the verdict. A winner must win in both places, for judges like the one that stands first (Zheng et al. 2023, "Judging LLM-as-a-judge", 3.4).</summary>
    /// <param name="stableFirst">The choice where stable's answer stood first.</param>
    /// <param name="canaryFirst">The choice where the canary's answer stood first.</param>
    public static JudgeVerdict Verdict(JudgeChoice stableFirst, JudgeChoice canaryFirst) => (stableFirst, canaryFirst) switch
    {
        (JudgeChoice.Tie, JudgeChoice.Tie) => JudgeVerdict.Tie,
        (JudgeChoice.First, JudgeChoice.Second) => JudgeVerdict.Stable,
        (JudgeChoice.Second, JudgeChoice.First) => JudgeVerdict.Canary,
        _ => JudgeVerdict.Split,
    };

    /// <summary>Tells whether a pair agrees: the canary's answer is no worse than stable's.</summary>
    public static bool Agrees(JudgeVerdict verdict) => verdict is not JudgeVerdict.Stable;

    /// <summary>
    /// Tells what a pair of the sample counts for. Whether it counts depends on the judge alone, never on the answers: else, while the judge is away, only equal answers would be
    /// left and every canary would agree.
    /// </summary>
    /// <param name="known">What is known without the judge: equal answers agree, an answer that failed does not; null where it has to say.</param>
    /// <param name="verdict">The judge's verdict; null where it gave none.</param>
    /// <returns>Whether the pair agrees; null where it counts for nothing.</returns>
    public static bool? Evidence(bool? known, JudgeVerdict? verdict) => verdict is { } judged ? known ?? Agrees(judged) : null;
}
