namespace AgentCanary.Metrics;

/// <summary>The moments of one score over a window. Immutable and thread-safe.</summary>
/// <param name="Count">How many values there were, at least 1.</param>
/// <param name="Mean">Their mean, exact for values rounded to a millionth.</param>
/// <param name="Variance">Their sample variance (divided by count − 1); 0 for a single value.</param>
public readonly record struct ScoreMoments(long Count, double Mean, double Variance);
