using System.Collections.Immutable;

namespace AgentCanary.Planning;

/// <summary>How one stage of one made rollout went. Infinite where it never ends by itself.</summary>
/// <param name="Seconds">How long it took.</param>
/// <param name="Cause">What it waited for last.</param>
/// <param name="Checks">When each check was proven: canary requests since the rollout began, and in the stage.</param>
internal sealed record StagePassage(double Seconds, StageCause Cause, ImmutableArray<(double Total, double InStage)> Checks);
