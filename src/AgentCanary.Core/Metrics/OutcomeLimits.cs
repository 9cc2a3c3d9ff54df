namespace AgentCanary.Metrics;

/// <summary>What an outcome's figures may be. Beyond these a figure is a wrong unit or a lie, and one of them would drown a million true
/// ones.</summary>
internal static class OutcomeLimits
{
    public const long MaxTokens = 1_000_000_000;
    public const double MaxCost = 1e6;
    public const double MaxScore = 1e4;
    public const int MaxViolations = 1_000;

    private const int Classes = (int)OutcomeClass.Abandoned + 1;

    /// <summary>Asks for the good case, so that NaN falls out by itself.</summary>
    public static bool Allow(in Outcome outcome) =>
        (uint)outcome.Class < Classes
        && outcome.Latency is null or { Ticks: >= 0 }
        && outcome.FirstContent is null or { Ticks: >= 0 }
        && outcome.Tokens is null or (>= 0 and <= MaxTokens)
        && outcome.Cost is null or (>= 0 and <= MaxCost)
        && outcome.SafetyViolations is >= 0 and <= MaxViolations
        && (outcome.Scores.IsDefaultOrEmpty || AllowScores(in outcome));

    private static bool AllowScores(in Outcome outcome)
    {
        foreach (var score in outcome.Scores)
        {
            if (score.Value is not (>= -MaxScore and <= MaxScore)) return false;
        }
        return true;
    }
}
