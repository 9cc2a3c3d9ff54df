namespace AgentCanary.Analysis.Sequential;

/// <summary>What a <see cref="ScoreTest"/> tests.</summary>
/// <param name="Margin">How far the canary's mean may lie below stable's, 0 to 1.</param>
/// <param name="Worse">True gathers evidence that it lies further below (rollback), false that it does not (promotion).</param>
public sealed record ScoreTerms(double Margin, bool Worse = true);
