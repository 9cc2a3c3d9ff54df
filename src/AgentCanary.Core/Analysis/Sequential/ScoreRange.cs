namespace AgentCanary.Analysis.Sequential;

/// <summary>What a score can be: 0 to 1, or 1 to 5 where some check of the rollout bounds it by more than 1. A score outside its range counts as the nearest end.</summary>
/// <param name="Low">The worst score.</param>
/// <param name="Width">The best less the worst.</param>
internal readonly record struct ScoreRange(double Low, double Width)
{
    /// <summary>Gets the usual range.</summary>
    public static ScoreRange Unit => new(0, 1);

    /// <summary>Gets the range of stars.</summary>
    public static ScoreRange Stars => new(1, 4);

    /// <summary>Finds the range of a check's score.</summary>
    public static ScoreRange Of(Check check, IEnumerable<Check> all) =>
        all.Any(other => other.Metric.ScoreName == check.Metric.ScoreName && other.Comparison is not CheckComparison.Relative && Math.Abs(other.Threshold) > 1) ? Stars : Unit;
}
